"""Reviews go out as a table and come back."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from wildcam.cli.main import main
from wildcam.data.catalog import open_dataset
from wildcam.data.importers import import_dataset


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, image: Callable[..., bytes]) -> Path:
    """A home with the data set `park`: a fox and a hare."""
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    for number, name in enumerate(("fox/1.jpg", "hare/2.jpg")):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(image(90 * number, 200, 10))
    import_dataset(tmp_path / "home" / "datasets", tmp_path / "photos", name="park")
    return tmp_path / "home"


def reviews(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["data", "reviews", "park", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_table_is_taken_in_once_and_given_out(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "said.csv"
    table.write_text("path,label\nfox/1.jpg,HARE\nhare/2.jpg,hare\n")
    found = reviews(capsys, "--read", str(table))
    assert (found["stored"], found["corrected"], found["confirmed"]) == (2, 1, 1)
    assert open_dataset(home / "datasets", "park").index["label"].tolist() == ["hare", "hare"]
    assert reviews(capsys, "--read", str(table))["stored"] == 0
    written = tmp_path / "out.csv"
    reviews(capsys, "--write", str(written))
    assert pd.read_csv(written)[["path", "label", "predicted"]].values.tolist() == [
        ["fox/1.jpg", "hare", "fox"],
        ["hare/2.jpg", "hare", "hare"],
    ]
    assert reviews(capsys, "--read", str(written))["stored"] == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("path,label\nwolf/9.jpg,wolf\n", "names 1 photo that the data set park has not"),
        ("file,species\nfox/1.jpg,fox\n", "expected path and label"),
    ],
)
def test_another_table_is_refused_and_nothing_stored(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    table = tmp_path / "other.csv"
    table.write_text(content)
    assert main(["data", "reviews", "park", "--read", str(table)]) == 1
    assert said in capsys.readouterr().err
    assert open_dataset(home / "datasets", "park").reviews.stamp == ""
