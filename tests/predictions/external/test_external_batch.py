"""Another program's results as a batch: rows in the data set's words, an evaluation, and what is left out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import DataError
from wildcam.exports.formats import Format, export
from wildcam.exports.megadetector import read_megadetector
from wildcam.predictions.batches import open_batch
from wildcam.predictions.external.submit import submit_results
from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore

DEER = "5c7ce479-8a45-40b3-ae21-7c97dfae22f5;mammalia;cetartiodactyla;cervidae;odocoileus;virginianus;white-tailed deer"
FOX = "5c7ce479-8a45-40b3-ae21-7c97dfae22f6;mammalia;carnivora;canidae;vulpes;vulpes;red fox"
LYNX = "5c7ce479-8a45-40b3-ae21-7c97dfae22f7;mammalia;carnivora;felidae;lynx;rufus;bobcat"
FAMILY = "5c7ce479-8a45-40b3-ae21-7c97dfae22f8;mammalia;carnivora;canidae;;;canidae family"
BLANK = "f1856211-cfb7-4a5b-9158-c0f72fd09ee6;;;;;;blank"

LABELS = {
    "north/deer0.jpg": "Odocoileus virginianus",
    "north/deer1.jpg": "Odocoileus virginianus",
    "north/fox0.jpg": "red_fox",
    "south/fox0.jpg": "red_fox",
    "south/empty0.jpg": "blank",
    "south/empty1.jpg": "blank",
}


@pytest.fixture
def dataset(store: RunStore, folder: Path) -> Dataset:
    index = build_index(
        {
            "image_id": [f"id-{path}" for path in LABELS],
            "path": list(LABELS),
            "location": [path[:5] for path in LABELS],
            "label": list(LABELS.values()),
        }
    )
    return save_dataset(
        store.settings.datasets_dir,
        index,
        name="reserve",
        source="",
        root=folder,
        format="csv",
        labels=LabelPolicy.suggest(LABELS.values()),
    )


@pytest.fixture
def take(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_job_here: Callable[..., Run]
) -> Callable[..., Run]:
    """Submit results, and do the worker's part in this process."""

    def launch(store: RunStore, run: Run) -> Run:
        store.enqueue(run.id)
        return store.get(run.id)

    def take_here(content: object, **values: object) -> Run:
        path = tmp_path / "predictions.json"
        path.write_text(json.dumps(content))
        monkeypatch.setattr(local, "launch", launch)
        return run_job_here(store, submit_results(store, path, **{"dataset": "reserve"} | values))

    return take_here


def predicted(path: str, label: str, score: float = 0.9, **more: object) -> dict[str, object]:
    return {"filepath": path, "prediction": label, "prediction_score": score, **more}


def test_names_become_the_data_set_s_labels_and_the_run_is_evaluated(
    store: RunStore, dataset: Dataset, take: Callable[..., Run]
) -> None:
    run = take(
        {
            "predictions": [
                predicted("/data/reserve/north/deer0.jpg", DEER, model_version="4.0"),
                predicted("/data/reserve/north/deer1.jpg", LYNX),
                predicted("/data/reserve/north/fox0.jpg", FOX),
                predicted("/data/reserve/south/fox0.jpg", FAMILY),
                predicted("/data/reserve/south/empty0.jpg", BLANK),
                predicted("/data/reserve/south/elsewhere.jpg", BLANK),
            ]
        }
    )
    assert run.state is State.FINISHED
    assert run.name == "SpeciesNet 4.0 on reserve"
    table = open_batch(store, run.id).table().set_index("path")
    assert table["label"].to_dict() == {
        "north/deer0.jpg": "Odocoileus virginianus",
        "north/deer1.jpg": "bobcat",
        "north/fox0.jpg": "red_fox",
        "south/fox0.jpg": "unknown",
        "south/empty0.jpg": "empty",
    }
    assert run.facts.accuracy == pytest.approx(3 / 5)
    assert [sentence.split(" (first")[0] for sentence in run.facts.remarks] == [
        "1 × result of a photo outside the photos of reserve: left out",
        "1 × photo without a result: it has no prediction",
        "1 × photo given 1 name that is no label of the data set: the name stays as it is, and cannot be right",
    ]
    metadata = open_batch(store, run.id).metadata
    assert metadata.task is Task.ALL
    assert metadata.models == "SpeciesNet 4.0"
    assert metadata.settings.startswith("SpeciesNet 4.0: its own decisions, from predictions.json (SHA-256 ")
    assert metadata.classes == ("Odocoileus virginianus", "bobcat", "red_fox")


def test_a_detector_alone_is_evaluated_as_a_filter_of_empty_photos(
    store: RunStore, dataset: Dataset, take: Callable[..., Run]
) -> None:
    def image(path: str, *confidences: float) -> dict[str, object]:
        boxes = [{"category": "1", "conf": conf, "bbox": [0, 0, 1, 1]} for conf in confidences]
        return {"file": path, "detections": boxes}

    images = [image(path, 0.9 if "empty" not in path else 0.1) for path in LABELS]
    run = take({"images": [*images, image("north/deer0.jpg", 0.1)]})
    assert run.state is State.FINISHED
    assert run.facts.accuracy == 1
    assert run.facts.labels == {"animal": 4, "empty": 2}
    assert run.facts.remarks == ("1 × repeated result of a photo: only the first is kept (first: north/deer0.jpg)",)
    evaluation = json.loads((run.folder / "evaluation.json").read_text())
    assert evaluation["task"] == "empty"
    assert evaluation["empty_filter"]["auroc"] == 1


def test_a_batch_of_results_is_exported_like_any_other(
    store: RunStore, dataset: Dataset, take: Callable[..., Run], tmp_path: Path
) -> None:
    run = take({"predictions": [predicted(path, DEER) for path in LABELS]})
    batch = open_batch(store, run.id)
    written = export(Format.MEGADETECTOR, batch.table(), batch.metadata, tmp_path / "again.json")
    assert json.loads(written.path.read_text())["info"]["classifier"] == "SpeciesNet"
    assert set(read_megadetector(written.path)["label"]) == {"Odocoileus virginianus"}


def test_photos_are_found_by_ids_however_these_are_written(
    store: RunStore, dataset: Dataset, take: Callable[..., Run]
) -> None:
    images = [{"id": f"ID-{path}".removesuffix(".jpg"), "detections": []} for path in LABELS]
    run = take({"images": images})
    assert run.facts.labels == {"empty": len(LABELS)}
    (remark,) = run.facts.remarks
    assert remark.startswith(f"{len(LABELS)} × id of result written in another way")


def test_a_file_that_cannot_be_kept_leaves_no_run(
    store: RunStore, dataset: Dataset, take: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wildcam.predictions.external.submit.shutil.copyfile", full)
    with pytest.raises(DataError, match=r"cannot be kept with the run \(No space left on device\): free space"):
        take({"predictions": [predicted(path, DEER) for path in LABELS]})
    assert store.all() == []


def test_only_the_photos_of_a_subset_get_a_row(store: RunStore, dataset: Dataset, take: Callable[..., Run]) -> None:
    run = take({"predictions": [predicted(path, DEER) for path in LABELS]}, subset="train", split="random")
    assert 0 < run.facts.images < len(LABELS)
    assert "outside the photos of reserve (train)" in run.facts.remarks[0]


def test_results_of_other_photos_and_of_no_data_set_are_refused_before_a_run_exists(
    store: RunStore, dataset: Dataset, take: Callable[..., Run]
) -> None:
    with pytest.raises(
        DataError,
        match=r"predictions\.json names 1 photo, such as .elsewhere\.jpg., and none is in the photos of reserve",
    ):
        take({"predictions": [predicted("elsewhere.jpg", DEER)]})
    with pytest.raises(DataError, match="has no results"):
        take({"images": [], "annotations": []})
    assert store.all() == []


def test_a_killed_worker_s_rows_are_not_written_twice(
    store: RunStore, dataset: Dataset, take: Callable[..., Run], run_job_here: Callable[..., Run]
) -> None:
    run = take({"predictions": [predicted(path, DEER) for path in LABELS]})
    store.enqueue(run.id)
    again = run_job_here(store, store.get(run.id))
    assert again.state is State.FINISHED
    assert len(open_batch(store, run.id).table()) == len(LABELS)
