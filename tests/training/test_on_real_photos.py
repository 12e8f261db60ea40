"""The whole way on real images: import, train every kind of preset, promote, identify."""

import csv
import os
from pathlib import Path
from typing import Any

import pytest

from bench.knowledge import PHOTOS
from wildcam.exports.load import load_predictions

FAMILY = [
    "empty_cnn",
    "resnet50",
    "efficientnet_b0",
    "efficientnet_b0_top10",
    *(f"efficientnet_b{number}" for number in range(1, 8)),
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (PHOTOS / "labels.csv").exists(), reason=f"no real photos at {PHOTOS} (WILDCAM_PHOTOS)"),
]
whole_family = pytest.mark.skipif(
    "WILDCAM_WHOLE_FAMILY" not in os.environ, reason="a minute and more each: WILDCAM_WHOLE_FAMILY=1 trains all presets"
)


@pytest.fixture(scope="module")
def wildcam(command_line: type, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A home with the images of one camera, which are enough to train on, as a data set."""
    wildcam = command_line(tmp_path_factory.mktemp("real"))
    with (PHOTOS / "labels.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["path"].startswith("mlwic_examples/")]
    with (wildcam.folder / "mlwic.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    info = wildcam.json("data", "import", wildcam.folder / "mlwic.csv", "--images", PHOTOS, "--name", "mlwic")
    assert info["images"] == 1777
    return wildcam


def train(wildcam: Any, preset: str, *changes: object) -> dict:
    """Split by blocks of frames: there is one camera and no clock, and a random split would leak bursts."""
    return wildcam.json("train", "--dataset", "mlwic", "--preset", preset, "--split", "sequence", *changes)


def test_a_probe_learns_something_of_real_images(wildcam: Any) -> None:
    run = train(wildcam, "probe", "--task", "all", "--max-train-images", 400)
    scores = wildcam.json("runs", "show", run["run"])["facts"]["scores"]["test"]
    assert scores["accuracy"] > scores["majority_class_accuracy"] + 0.1
    wildcam.json("models", "promote", run["run"], "--name", "real")


@whole_family
@pytest.mark.parametrize("preset", FAMILY)
def test_every_preset_trains_an_epoch_and_exports_what_it_learned(wildcam: Any, preset: str) -> None:
    epochs = ["--head-epochs", 1, "--no-find-learning-rate"] if preset == "resnet50" else []
    task = [] if preset == "empty_cnn" else ["--task", "species"]
    small = ["--weights", "random", "--image-size", 64, "--max-train-images", 64, "--batch-size", 16, "--epochs", 1]
    run = train(wildcam, preset, *small, *epochs, *task)
    assert run["state"] == "finished"
    wildcam.json("models", "promote", run["run"], "--name", preset)
    assert wildcam.json("models", "verify", preset)["verified"]


def test_images_of_other_places_get_verdicts_and_only_the_truncated_one_fails(wildcam: Any) -> None:
    """The frozen backbone and its head, as they serve."""
    others = sorted(PHOTOS.glob("speciesnet_tests/*.*")) + sorted(PHOTOS.glob("animl_southwest/**/*.[jJ]*"))[:20]
    listing, out = wildcam.folder / "others.txt", wildcam.folder / "others.csv"
    listing.write_text("\n".join(map(str, others)))
    wildcam.json("predict", listing, "--model", "real", "--format", "csv", "--output", out)
    labels = load_predictions(out).set_index("path")["label"]
    assert len(labels) == len(others)
    assert [Path(path).stem for path in labels.index[labels == "failed"]] == ["african_elephants_truncated_file"]
