"""`identify` classifies as a batch does: every file is a row, in one pipeline, with the same options."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wildcam.architectures.presets import Task

COLOURS = {"deer": (230, 60, 60), "fox": (60, 230, 60), "empty": (8, 8, 8)}


@pytest.fixture
def wildcam(command_here: Any, tmp_path: Path, write_model: Callable[..., object], image: Callable[..., bytes]) -> Any:
    """A command line with two models and a folder of photos, one of them in a subfolder."""
    write_model("park-empty", Task.EMPTY)
    write_model("park-species", Task.SPECIES)
    (tmp_path / "photos" / "below").mkdir(parents=True)
    for name, colour in COLOURS.items():
        (tmp_path / "photos" / f"{name}.jpg").write_bytes(image(*colour))
    (tmp_path / "photos" / "below" / "hare.jpg").write_bytes(image(60, 60, 230))
    return command_here(tmp_path)


def labels(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {Path(row["photograph"]).name: row["label"] for row in rows}


def test_folders_and_patterns_are_expanded(wildcam: Any, tmp_path: Path) -> None:
    expected = {"deer.jpg": "deer", "fox.jpg": "fox", "empty.jpg": "empty", "hare.jpg": "hare"}
    assert labels(wildcam.json("identify", tmp_path / "photos")) == expected
    assert labels(wildcam.json("identify", tmp_path / "photos" / "[df]*.jpg")) == {"deer.jpg": "deer", "fox.jpg": "fox"}
    assert labels(wildcam.json("identify", tmp_path / "photos" / "**" / "h*.jpg")) == {"hare.jpg": "hare"}


@pytest.mark.parametrize("given", ["nothing*.jpg", "bare"])
def test_a_folder_or_pattern_without_photos_is_a_wrong_value(wildcam: Any, tmp_path: Path, given: str) -> None:
    (tmp_path / "bare").mkdir()
    done = wildcam("identify", tmp_path / given)
    assert (done.returncode, done.stdout) == (2, "")
    assert given in done.stderr


def test_a_file_given_twice_is_one_row_and_said(wildcam: Any, tmp_path: Path) -> None:
    fox = tmp_path / "photos" / "fox.jpg"
    done = wildcam("identify", fox, tmp_path / "photos" / "below" / ".." / "fox.jpg", "--json")
    assert done.returncode == 0
    assert [row["photograph"] for row in json.loads(done.stdout)] == [str(fox)]
    assert "given twice" in done.stderr


def test_a_failed_file_is_a_row_with_its_reason_and_stops_no_other(wildcam: Any, tmp_path: Path) -> None:
    assert wildcam("identify", tmp_path / "absent.jpg").returncode == 1  # nothing was answered
    done = wildcam("identify", tmp_path / "absent.jpg", tmp_path / "photos" / "fox.jpg", "--json")
    assert done.returncode == 0
    absent, fox = json.loads(done.stdout)
    assert (absent["label"], absent["source"]) == ("failed", "failure")
    assert "absent.jpg is missing" in absent["failure"]
    assert (fox["label"], fox["source"], len(fox["views"])) == ("fox", "stage_2", 4)
    assert "1 of 2 photos" in done.stderr


def test_the_options_are_those_of_a_batch(wildcam: Any, tmp_path: Path) -> None:
    fox = tmp_path / "photos" / "fox.jpg"
    (quick,) = wildcam.json("identify", fox, "--quick")
    assert len(quick["views"]) == 2
    (cautious,) = wildcam.json("identify", fox, "--unknown-threshold", 1)
    assert (cautious["label"], cautious["source"]) == ("unknown", "abstention")
    (blank,) = wildcam.json("identify", fox, "--empty-threshold", 0)
    assert (blank["label"], blank["source"]) == ("empty", "stage_1")
    for choice in ("mean_probability", "mean-probability"):  # a slug; a hyphen is as good
        assert wildcam.json("identify", fox, "--aggregation", choice)[0]["ties"] == []


def test_a_closer_look_without_anything_to_look_at_is_said(wildcam: Any, tmp_path: Path) -> None:
    done = wildcam("identify", tmp_path / "photos" / "fox.jpg", "--closer")
    assert done.returncode == 0
    assert "No closer look is taken" in done.stderr
