"""Reviewers' labels count in sums, bursts and exports; scores are of the models' own answers."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.reviews import Review, Reviews
from wildcam.exports.formats import Format, export
from wildcam.exports.load import load_predictions
from wildcam.exports.options import ExportOptions
from wildcam.predictions.batches import Batch, open_batch
from wildcam.predictions.summary import by_label
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.serving.bursts import decide_burst


@pytest.fixture
def reviewed(
    store: RunStore,
    queued: Callable[..., Run],
    run_job_here: Callable[[RunStore, Run], Run],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Batch:
    """A batch in which Ada says that a fox is a hare, that a deer is a deer, and what the damaged photo shows."""
    run = run_job_here(store, queued(folder=str(folder)))
    monkeypatch.setattr("wildcam.data.reviews.actor_name", lambda: "ada")
    said = {"north/fox0.jpg": "hare", "north/deer0.jpg": "deer", "south/broken.jpg": "empty"}
    Reviews(store.settings.home).add_all(
        [Review(path, "fox", label, str(folder / path)) for path, label in said.items()]
    )
    return open_batch(store, run.id)


def test_sums_count_what_reviewers_say_and_scores_what_the_model_said(reviewed: Batch) -> None:
    assert by_label(reviewed.table()).set_index("label")["images"].to_dict() == {
        "deer": 4,
        "fox": 4,
        "empty": 4,
        "failed": 1,
    }
    sums = by_label(reviewed.reviewed_table()).set_index("label")["images"].to_dict()
    assert sums == {"deer": 4, "fox": 3, "empty": 5, "hare": 1}


def test_a_reviewed_row_names_its_reviewer_and_is_certain(reviewed: Batch) -> None:
    rows = reviewed.reviewed_table().set_index("path")
    hare = rows.loc["north/fox0.jpg"]
    assert (hare["label"], hare["source"], hare["confidence"], hare["reviewed_by"]) == ("hare", "review", 1.0, "ada")
    assert rows.loc["south/broken.jpg", "failure"] == ""
    assert rows["reviewed_at"].notna().sum() == 3


def test_camtrap_dp_tells_people_from_machines(reviewed: Batch, tmp_path: Path) -> None:
    table = reviewed.reviewed_table().assign(taken_at=pd.Timestamp("2026-01-01 12:00:00"))
    options = ExportOptions(time_zone="Africa/Nairobi", latitude=0.0, longitude=37.0)
    path = export(Format.CAMTRAP_DP, table, reviewed.metadata, tmp_path / "package.zip", options).path
    with zipfile.ZipFile(path) as package, package.open("observations.csv") as file:
        rows = pd.read_csv(file)
    media = rows[rows["observationLevel"] == "media"].set_index("mediaID")
    people = media[media["classificationMethod"] == "human"]
    assert sorted(people["scientificName"].fillna("-")) == ["-", "deer", "hare"]
    assert (people["classifiedBy"] == "ada").all()
    assert people["classificationProbability"].isna().all()
    assert people["classificationTimestamp"].str.endswith("+00:00").all()
    assert (media.drop(people.index)["classificationMethod"].dropna() == "machine").all()


@pytest.mark.parametrize("format", [Format.CSV, Format.MEGADETECTOR, Format.COCO])
def test_every_format_carries_the_reviewers_label(reviewed: Batch, format: Format, tmp_path: Path) -> None:
    path = tmp_path / f"out{'.csv' if format is Format.CSV else '.json'}"
    export(format, reviewed.reviewed_table(), reviewed.metadata, path)
    read = load_predictions(path).set_index("path")
    assert read.loc["north/fox0.jpg", "label"] == "hare"
    assert read.loc["south/broken.jpg", "label"] == "empty"
    assert "ada" in path.read_text()


def test_a_box_of_a_corrected_photo_is_not_hidden_below_a_threshold(reviewed: Batch, tmp_path: Path) -> None:
    table = reviewed.reviewed_table()
    assert table.loc[table["path"] == "north/fox0.jpg", "p_empty"].tolist() == [0.0]
    path = export(Format.MEGADETECTOR, table, reviewed.metadata, tmp_path / "out.json").path
    images = {image["file"]: image for image in json.loads(path.read_text())["images"]}
    assert images["north/fox0.jpg"]["detections"][0]["conf"] == 1.0
    assert images["south/broken.jpg"]["detections"] == []


def test_people_are_not_outvoted_in_a_burst() -> None:
    labels, confidences = ["hare", "fox", "fox", "fox", "fox"], [1.0, 0.9, 0.9, 0.9, 0.9]
    assert decide_burst(labels, confidences).label == "fox"
    assert decide_burst(labels, confidences, [True, False, False, False, False]).label == "hare"
    assert decide_burst(["empty", "fox", "fox"], [1.0, 0.9, 0.9], [True, False, False]).label == "fox"
