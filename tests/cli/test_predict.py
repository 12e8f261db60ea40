"""`predict` and `export`: a folder to a file that others open; every way in gives the same probabilities."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wildcam.architectures.presets import Task
from wildcam.data.catalog import build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.exports.load import load_predictions
from wildcam.images import load_square
from wildcam.predictions.parts import read_predictions
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import open_bundle
from wildcam.serving.two_stage_classifier import load_two_stage
from wildcam.settings import Settings

pytestmark = pytest.mark.slow

COLOURS = {"deer": (230, 60, 60), "fox": (60, 230, 60), "empty": (8, 8, 8), "dusk": (90, 110, 90)}


@pytest.fixture
def wildcam(command_here: Any, tmp_path: Path, write_model: Callable[..., object], image: Callable[..., bytes]) -> Any:
    """A command line with two models, a folder of images, and the same as a data set."""
    write_model("park-empty", Task.EMPTY)
    write_model("park-species", Task.SPECIES)
    (tmp_path / "photos").mkdir()
    for name, colour in COLOURS.items():
        (tmp_path / "photos" / f"{name}.jpg").write_bytes(image(*colour))
    (tmp_path / "photos" / "broken.jpg").write_text("none")
    names = [f"{name}.jpg" for name in COLOURS]
    index = build_index({"image_id": names, "path": names, "label": "fox", "location": "north"})
    save_dataset(
        tmp_path / "home" / "datasets",
        index,
        name="park",
        source="",
        root=tmp_path / "photos",
        format="csv",
        labels=LabelPolicy(),
    )
    return command_here(tmp_path)


def test_a_folder_is_predicted_and_exported(wildcam: Any, tmp_path: Path) -> None:
    run = wildcam.json("predict", tmp_path / "photos", "--name", "cards")
    assert (run["state"], run["images"], run["failed"]) == ("finished", 5, 1)
    assert run["labels"] == {"fox": 2, "deer": 1, "empty": 1, "failed": 1}
    written = wildcam.json("export", "cards", "--format", "megadetector", "--output", tmp_path / "out.json")
    assert written["images"] == 5
    labels = load_predictions(tmp_path / "out.json").set_index("path")["label"]
    assert labels["deer.jpg"] == "deer"
    assert labels["broken.jpg"] == "failed"
    again = wildcam.json("export", tmp_path / "out.json", "--format", "csv", "--output", tmp_path / "again.csv")
    assert again["images"] == 5
    assert load_predictions(tmp_path / "again.csv").set_index("path")["label"].equals(labels)
    done = wildcam("export", "cards", "--format", "camtrap-dp", "--output", tmp_path / "out.zip")
    assert done.returncode == 1
    left_out, why = done.stderr.splitlines()  # what lacks a time is listed before anything is written
    assert "deer.jpg" in left_out or "5 photos" in left_out
    assert "requires the time of every photo" in why


def test_what_cannot_be_predicted_is_one_line(wildcam: Any, tmp_path: Path) -> None:
    for words, code in (
        (("predict", "nothing"), 2),
        (("predict", tmp_path / "home"), 1),
        (("predict", "park", "--subset", "left"), 2),
        (("export", "nothing"), 2),
        (("evaluate", "nothing"), 2),
        (("results", tmp_path / "nothing.json", "park"), 1),
        (("results", tmp_path / "nothing.json", "nowhere"), 2),
        (("study", "nothing"), 2),
        (("study", "tta", "--split", "random"), 2),
        (("study", "loss_gap", "--dataset", "park", "--preset", "probe"), 2),
        (("predict", "park", "--detach", "--format", "csv"), 2),
    ):
        done = wildcam(*words)
        assert done.returncode == code, done.stderr
        assert done.stderr.startswith("wildcam: ")
        assert done.stderr.count("\n") == 1


def test_another_program_s_results_are_evaluated_against_our_own(wildcam: Any, tmp_path: Path) -> None:
    results = {"predictions": [{"filepath": "fox.jpg", "prediction": "fox", "prediction_score": 0.9}]}
    (tmp_path / "predictions.json").write_text(json.dumps(results))
    done = wildcam.json("results", tmp_path / "predictions.json", "park", "--name", "theirs")
    assert done["labels"] == {"fox": 1}
    assert done["remarks"] == ["3 × photo without a result: it has no prediction (first: deer.jpg)"]
    found = wildcam.json("evaluate", "theirs")
    assert (found["models"], found["scores"]["accuracy"]["value"]) == ("SpeciesNet", 1)


def test_upload_data_set_command_line_and_batch_give_the_same_probabilities(wildcam: Any, tmp_path: Path) -> None:
    store = RunStore(Settings(home=tmp_path / "home", models=tmp_path / "models"))
    run = wildcam.json("predict", "park", "--format", "coco", "--output", tmp_path / "park.json")["run"]
    batch = read_predictions(store.get(run).folder).set_index("path")
    assert len(load_predictions(tmp_path / "park.json")) == len(COLOURS)
    found = wildcam.json("evaluate", run, "--against", run)
    assert found["scores"]["accuracy"]["value"] == pytest.approx(2 / 4)  # every label is fox: the fox, and dusk
    assert found["scores"]["outcomes"]["missed_animal"] == 1
    assert found["difference"]["accuracy"]["value"] == 0
    files = {name: tmp_path / name for name in ("report.html", "card.md", "labels.csv")}
    done = wildcam(
        "evaluate", run, "--report", files["report.html"], "--card", files["card.md"], "--labels", files["labels.csv"]
    )
    assert "Missed animal" in done.stdout
    assert "The models were trained" not in done.stdout  # from another data set
    assert files["report.html"].read_text().startswith("<!doctype html>")
    assert files["card.md"].read_text().startswith("# park-empty + park-species")
    assert files["labels.csv"].read_text().startswith("image_id,path,location,ground_truth,label,confidence,why")
    verdicts = {row["photograph"]: row for row in wildcam.json("identify", *(tmp_path / "photos").glob("[def]*.jpg"))}
    classifier = load_two_stage(*(open_bundle(tmp_path / "models", name) for name in ("park-empty", "park-species")))
    for name in COLOURS:
        path = tmp_path / "photos" / f"{name}.jpg"
        upload = classifier.identify(path.read_bytes())
        row, line = batch.loc[f"{name}.jpg"], verdicts[str(path)]
        for found in (float(row["p_empty"]), line["p_empty"]):
            assert found == pytest.approx(upload.p_empty, abs=1e-6)
        for found in (float(row["confidence"]), line["confidence"]):
            assert found == pytest.approx(upload.confidence, abs=1e-6)
        # As evaluation does it: images of the data set in one batch, each as it is.
        images = np.stack([load_square(tmp_path / "photos" / f"{other}.jpg", 8) for other in COLOURS])
        together = classifier.empty.predict(images)[list(COLOURS).index(name), 0]
        assert together == pytest.approx(upload.views[0].p_empty, abs=1e-6)
