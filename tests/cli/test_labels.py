"""`data labels`: how labels are read, from the terminal."""

import json
from pathlib import Path

import pytest

from wildcam.cli.main import FAILED, MISUSED, main
from wildcam.data.catalog import build_index, open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy


@pytest.fixture
def datasets_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path))
    names = [f"{number}.jpg" for number in range(4)]
    labels = ["agouti paca", "cuniculus paca", "blank", "cow"]
    index = build_index({"image_id": names, "path": names, "label": labels})
    save_dataset(
        tmp_path / "datasets",
        index,
        name="mine",
        source="x",
        root=tmp_path,
        format="csv",
        labels=LabelPolicy.suggest(labels),
        categories={"yak": 7},
    )
    return tmp_path / "datasets"


def test_labels_and_pairs_are_shown(datasets_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "labels", "mine"]) == 0
    shown = capsys.readouterr().out
    assert "likely duplicate: agouti paca / cuniculus paca" in shown
    assert "yak" in shown


def test_options_change_the_reading_and_nothing_else(datasets_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--merge", "agouti paca=cuniculus paca", "--other", "cow", "--take-second", "cow", "--json"]
    assert main(["data", "labels", "mine", *words]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["likely_duplicate_labels"] == []
    assert {row["label"]: row["role"] for row in printed["labels"]}["cow"] == "other"
    policy = open_dataset(datasets_dir, "mine").info.labels
    merged = {"agouti paca": "cuniculus paca"}
    assert policy == LabelPolicy(empty=("blank",), other=("cow",), merged=merged, takes_second=("cow",))
    assert main(["data", "labels", "mine", "--animal", "agouti paca", "--take-first", "cow"]) == 0
    policy = open_dataset(datasets_dir, "mine").info.labels
    assert policy.merged == {}
    assert policy.takes_second == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--merge", "cow"], "expected OLD=NEW"),
        (["--empty", "dog"], "Unknown label 'dog'"),
        (["--merge", "cow=cow"], "cannot count as itself"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    datasets_dir: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["data", "labels", "mine", *words]) in (MISUSED, FAILED)
    assert said in capsys.readouterr().err
    assert open_dataset(datasets_dir, "mine").info.labels == LabelPolicy(empty=("blank",))
