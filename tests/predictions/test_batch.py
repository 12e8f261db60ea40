"""A batch of predictions: what it looks at, what it keeps, and what a stop or a kill costs."""

import hashlib
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from wildcam.architectures.presets import Task
from wildcam.data.catalog import build_index, delete_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import BundleError, DataError, UsageError
from wildcam.predictions import parts, worker
from wildcam.predictions.looking_columns import evidence_boxes, evidence_of
from wildcam.predictions.models import load_classifier
from wildcam.predictions.parts import read_metadata, read_predictions
from wildcam.predictions.submit import make_request, submit_predictions
from wildcam.predictions.table import COLUMNS
from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import open_bundle
from wildcam.serving.trials import EnginePrecision
from wildcam.serving.tta import ViewSet
from wildcam.serving.two_stage_classifier import load_two_stage
from wildcam.training.recipe import Recipe


def test_a_folder_with_all_below_it_is_classified_and_a_broken_file_is_failed_not_empty(
    store: RunStore, folder: Path, queued: Callable[..., Run], run_job_here: Callable[..., Run]
) -> None:
    run = run_job_here(store, queued(folder=str(folder)))
    assert run.state is State.FINISHED
    table = read_predictions(run.folder)
    assert tuple(table.columns) == COLUMNS
    assert table["label"].value_counts().to_dict() == {"deer": 4, "fox": 4, "empty": 4, "failed": 1}
    assert set(table.loc[table["label"] == "deer", "path"].map(lambda path: Path(path).name[:4])) == {"deer"}
    failed = table[table["label"] == "failed"].iloc[0]
    assert "is not a photo" in failed["failure"]
    assert set(table["location"]) == {"north", "south"}
    assert run.facts.images == 13
    assert run.facts.failed == 1
    metadata = read_metadata(run.folder)
    assert (metadata.root, metadata.classes, metadata.views) == (folder, ("deer", "fox", "hare"), 4)


def test_a_batch_answers_as_one_image_alone_does(
    store: RunStore, folder: Path, queued: Callable[..., Run], run_job_here: Callable[..., Run]
) -> None:
    table = read_predictions(run_job_here(store, queued(folder=str(folder))).folder)
    models = store.settings.models
    classifier = load_two_stage(open_bundle(models, "tiny-empty"), open_bundle(models, "tiny-species"))
    for row in table[table["label"] != "failed"].itertuples():
        alone = classifier.identify(folder / row.path)
        assert (row.label, row.agreement, row.views) == (alone.label, alone.agreement, 4)
        assert row.confidence == pytest.approx(alone.confidence, abs=1e-6)
        assert row.p_empty == pytest.approx(alone.p_empty, abs=1e-6)
        assert list(row.top_labels) == [item.label for item in alone.top]


def test_a_batch_keeps_where_the_animal_is_and_what_the_closer_look_said(
    store: RunStore,
    folder: Path,
    queued: Callable[..., Run],
    run_job_here: Callable[..., Run],
    write_model: Callable[..., object],
) -> None:
    write_model("seen-empty", Task.EMPTY, evidence=True)
    names = {"empty_model": "seen-empty", "species_model": "tiny-species"}
    run = run_job_here(store, queued(folder=str(folder), closer=True, view_set=ViewSet.TURNS, views=2, **names))
    table = read_predictions(run.folder)
    metadata = read_metadata(run.folder)
    assert (metadata.view_set, metadata.views, metadata.closer_weight) == (ViewSet.TURNS, 2, 0.5)
    assert metadata.precisions == (EnginePrecision.FLOAT32,) * 2
    for part in ("seen-empty (SHA-256 ", ", float32", "turned left and right", "weight 0.50", "named from 0.40"):
        assert part in metadata.settings
    for row in table.to_dict("records"):
        evidence = evidence_of(row)
        if row["label"] == "failed":
            assert evidence is None
            assert pd.isna(row["closer_label"])
            continue
        assert len(evidence.heat) == 8  # the input of stage 1 has 8 × 8 px, and so has its map
        assert (row["closer_label"] == row["label"]) is (row["label"] != "empty")
        assert (row["image_id"] in evidence_boxes(table)) is (row["label"] != "empty")


def test_a_batch_claims_no_closer_look_where_nothing_says_where_to_look(
    store: RunStore, folder: Path, queued: Callable[..., Run], run_job_here: Callable[..., Run]
) -> None:
    run = run_job_here(store, queued(folder=str(folder), closer=True))
    assert float(run.params["closer_weight"]) == 0.5
    assert read_metadata(run.folder).closer_weight == 0
    assert "closer look" not in read_metadata(run.folder).settings


def test_a_quick_batch_says_how_many_views_it_took(
    store: RunStore, folder: Path, queued: Callable[..., Run], run_job_here: Callable[..., Run]
) -> None:
    run = run_job_here(store, queued(folder=str(folder), quick=True))
    table = read_predictions(run.folder)
    assert set(table.loc[table["label"] != "failed", "views"]) == {2}
    assert read_metadata(run.folder).quick


def test_one_model_alone_may_answer(
    store: RunStore,
    folder: Path,
    queued: Callable[..., Run],
    run_job_here: Callable[..., Run],
    write_model: Callable[..., object],
) -> None:
    write_model("at-once", Task.ALL, classes=("deer", "fox", "empty"))
    run = run_job_here(store, queued(folder=str(folder), model="at-once"))
    assert run.state is State.FINISHED
    assert read_metadata(run.folder).models == "at-once"
    labels = read_predictions(run.folder)["label"].value_counts()
    assert (labels["deer"], labels["fox"], labels["failed"]) == (4, 4, 1)


@pytest.mark.parametrize(
    ("model", "task", "labels"),
    [
        ("tiny-empty", Task.EMPTY, {"animal": 8, "empty": 4, "failed": 1}),
        ("tiny-species", Task.SPECIES, {"deer": 4, "fox": 4}),
    ],
)
def test_a_stage_answers_alone(
    store: RunStore,
    folder: Path,
    queued: Callable[..., Run],
    run_job_here: Callable[..., Run],
    model: str,
    task: Task,
    labels: dict[str, int],
) -> None:
    run = run_job_here(store, queued(folder=str(folder), model=model))
    metadata = read_metadata(run.folder)
    assert (metadata.models, metadata.task, metadata.has_two_stages) == (model, task, False)
    counts = read_predictions(run.folder)["label"].value_counts()
    assert counts[list(labels)].to_dict() == labels


def test_the_model_of_a_run_answers_without_being_promoted(
    store: RunStore, folder: Path, queued: Callable[..., Run], run_job_here: Callable[..., Run]
) -> None:
    trained = store.create(Kind.TRAIN, "trained", Recipe.of("park", "empty_cnn"))
    store.enqueue(trained.id)
    shutil.copytree(store.settings.models / "tiny-empty", trained.bundle_dir)
    run = run_job_here(store, queued(folder=str(folder), model=f"run:{trained.id[:8]}"))
    assert read_metadata(run.folder).models == f"run:{trained.id}"
    assert read_predictions(run.folder)["label"].value_counts()["animal"] == 8


def test_a_run_without_a_model_gets_a_sentence(store: RunStore, folder: Path) -> None:
    trained = store.create(Kind.TRAIN, "trained", Recipe.of("park", "empty_cnn"))
    with pytest.raises(BundleError, match="has no model yet"):
        make_request(store, folder=str(folder), model=f"run:{trained.id}")


def test_a_list_names_its_images(
    store: RunStore, folder: Path, queued: Callable[..., Run], run_job_here: Callable[..., Run], tmp_path: Path
) -> None:
    listing = folder / "list.txt"
    listing.write_text("north/deer0.jpg\n\nsouth/fox1.jpg\nnorth/deer0.jpg\nnorth/gone.jpg\n")
    table = read_predictions(run_job_here(store, queued(listing=str(listing))).folder).set_index("path")
    assert table["label"].to_dict() == {
        "north/deer0.jpg": "deer",
        "south/fox1.jpg": "fox",
        "north/gone.jpg": "failed",
    }


def test_one_subset_of_a_data_set_is_classified_with_what_the_catalog_knows(
    store: RunStore, folder: Path, queued: Callable[..., Run], run_job_here: Callable[..., Run]
) -> None:
    paths = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.jpg"))
    index = build_index(
        {
            "image_id": [f"id-{path}" for path in paths],
            "path": paths,
            "location": [path[:5] for path in paths],
            "label": "deer",
            "given_split": ["test" if path[:5] == "south" else "train" if "deer" in path else "val" for path in paths],
            "taken_at": pd.to_datetime("2020-05-01 07:30"),
            "sequence_id": "one",
            "width": 40,
            "height": 30,
        }
    )
    save_dataset(
        store.settings.datasets_dir, index, name="reserve", source="", root=folder, format="csv", labels=LabelPolicy()
    )
    run = run_job_here(store, queued(dataset="reserve", subset="test", split="given"))
    table = read_predictions(run.folder)
    assert run.name == "batch"
    assert len(table) == 7
    assert set(table["location"]) == {"south"}
    assert set(table["sequence_id"]) == {"one"}
    assert table["image_id"].str.startswith("id-south").all()
    assert (table["taken_at"] == "2020-05-01 07:30").all()
    assert (table["width"] == 40).all()


def test_parts_are_written_as_they_fill_and_a_resume_goes_on_behind_them(
    store: RunStore,
    folder: Path,
    queued: Callable[..., Run],
    run_job_here: Callable[..., Run],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "PART_ROWS", 5)
    run = run_job_here(store, queued(folder=str(folder)))
    assert len(list(run.folder.glob("predictions/part-*.parquet"))) == 3
    before = read_predictions(run.folder)
    store.enqueue(run.id)
    run = run_job_here(store, store.get(run.id))
    pd.testing.assert_frame_equal(read_predictions(run.folder), before)  # nothing was left to do


def test_a_model_that_was_replaced_meanwhile_does_not_answer_the_rest(
    store: RunStore,
    folder: Path,
    queued: Callable[..., Run],
    run_job_here: Callable[..., Run],
) -> None:
    run = run_job_here(store, queued(folder=str(folder)))
    bundle = open_bundle(store.settings.models, "tiny-species")
    other = bundle.graph_path.read_bytes() + b"\x08\x07"  # the same network in other bytes
    bundle.graph_path.write_bytes(other)
    card = bundle.card.model_copy(update={"sha256": hashlib.sha256(other).hexdigest()})
    (bundle.folder / "model.json").write_text(card.model_dump_json())
    store.enqueue(run.id)
    run = run_job_here(store, store.get(run.id))
    assert run.state is State.FAILED
    assert "changed since this batch began: start a new batch" in run.reason


def test_a_batch_is_finished_where_its_data_set_is_deleted_meanwhile(
    store: RunStore,
    folder: Path,
    queued: Callable[..., Run],
    run_job_here: Callable[..., Run],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = build_index({"image_id": ["a"], "path": ["north/fox0.jpg"], "label": ["fox"], "location": ["north"]})
    datasets_dir = store.settings.datasets_dir
    save_dataset(datasets_dir, index, name="gone", source="", root=folder, format="csv", labels=LabelPolicy())

    def load_and_delete(*words: object) -> object:
        delete_dataset(datasets_dir, "gone")
        return load_classifier(*words)

    monkeypatch.setattr(worker, "load_classifier", load_and_delete)
    run = run_job_here(store, queued(dataset="gone"))
    assert run.state is State.FINISHED
    assert read_predictions(run.folder)["label"].tolist() == ["fox"]
    assert not (run.folder / "evaluation.json").exists()


@pytest.mark.parametrize("left_behind", [False, True], ids=["gone", "an empty mount point"])
def test_a_folder_that_goes_away_fails_the_batch_and_leaves_the_rest_to_a_resume(
    store: RunStore,
    folder: Path,
    queued: Callable[..., Run],
    run_job_here: Callable[..., Run],
    monkeypatch: pytest.MonkeyPatch,
    left_behind: bool,
) -> None:
    run, unplugged = queued(folder=str(folder)), folder.with_name("unplugged")

    def load_and_unplug(*words: object) -> object:
        folder.rename(unplugged)
        if left_behind:
            folder.mkdir()
        return load_classifier(*words)

    monkeypatch.setattr(worker, "load_classifier", load_and_unplug)
    run = run_job_here(store, run)
    assert run.state is State.FAILED
    assert "is no longer there" in run.reason
    assert read_predictions(run.folder).empty  # nothing is taken for an image that cannot be read
    if left_behind:
        folder.rmdir()
    unplugged.rename(folder)
    monkeypatch.setattr(worker, "load_classifier", load_classifier)
    store.enqueue(run.id)
    run = run_job_here(store, store.get(run.id))
    assert read_predictions(run.folder)["label"].value_counts()["failed"] == 1


def test_times_and_sizes_come_from_the_files_where_no_catalog_knows_them(
    store: RunStore, folder: Path, queued: Callable[..., Run], run_job_here: Callable[..., Run]
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2024:06:01 12:30:05"
    with Image.open(folder / "north" / "fox0.jpg") as image:
        image.save(folder / "north" / "fox0.jpg", exif=exif)
    table = read_predictions(run_job_here(store, queued(folder=str(folder))).folder).set_index("path")
    assert str(table.loc["north/fox0.jpg", "taken_at"]) == "2024-06-01 12:30:05"
    assert pd.isna(table.loc["north/deer0.jpg", "taken_at"])
    assert (table.loc["north/deer0.jpg", ["width", "height"]] == [40, 30]).all()


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ({"folder": "/nowhere"}, DataError, "not a folder on this machine"),
        ({}, UsageError, "no source: expected one of"),
        ({"folder": "/tmp", "subset": "val"}, UsageError, "A subset is part of a data set"),
        ({"dataset": "unknown"}, UsageError, "unknown"),
        ({"listing": "/nowhere.txt"}, DataError, "is missing"),
        ({"folder": "/tmp", "species_model": "tiny-spices"}, UsageError, "tiny-species"),
        ({"folder": "/tmp", "views": 12}, UsageError, "less than or equal to 9"),
    ],
)
def test_what_cannot_work_is_refused_before_it_is_queued(
    store: RunStore, values: dict[str, str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        submit_predictions(store, make_request(store, **values))
    assert store.all() == []


def test_an_altered_model_is_refused(store: RunStore, folder: Path) -> None:
    with (store.settings.models / "tiny-species" / "model.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(BundleError, match="not the one on its card"):
        submit_predictions(store, make_request(store, folder=str(folder)))


@pytest.mark.slow
def test_a_worker_that_is_stopped_and_one_that_is_killed_repeat_no_image(store: RunStore, many: Path) -> None:
    def wait(run: Run, condition: Callable[[Run], bool]) -> Run:
        end = time.monotonic() + 90
        while not condition(now := store.get(run.id)):
            assert time.monotonic() < end, now.log_tail()
            time.sleep(0.05)
        return now

    run = submit_predictions(store, make_request(store, folder=str(many)))
    wait(run, lambda now: now.progress.step > 100)
    store.request_stop(run.id)
    run = wait(run, lambda now: not now.state.is_live)
    kept = read_predictions(run.folder)
    assert run.state is State.STOPPED
    assert 100 < len(kept) < 3000

    local.resume(store, run.id)
    run = wait(run, lambda now: now.progress.step > len(kept) + 100)
    os.kill(_child_of(run), signal.SIGKILL)
    run = wait(run, lambda now: now.state is State.LOST)
    assert len(read_predictions(run.folder)) >= len(kept)

    local.resume(store, run.id)
    run = wait(run, lambda now: not now.state.is_live)
    table = read_predictions(run.folder)
    assert run.state is State.FINISHED, run.log_tail()
    assert len(table) == 3000
    assert table["image_id"].is_unique
    assert set(table["label"]) == {"fox"}


def _child_of(run: Run) -> int:
    """The worker's process: the one whose command line names the run and the worker's module."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        words = path.read_bytes().decode(errors="replace").split("\0")
        if "wildcam.predictions.worker" in words and run.id in words and "wildcam.runs.supervisor" not in words:
            return int(path.parent.name)
    raise AssertionError("the worker is gone")
