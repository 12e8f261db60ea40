"""Photos that show people are deleted for good: nothing of them is left in the home, whatever interrupts it."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.conftest import CommandLine
from tests.planted_people import write_answers
from wildcam.accounts.acting import Actor, acts_for
from wildcam.accounts.audit import read_audit, write_audit
from wildcam.accounts.roles import Role
from wildcam.data.catalog import DETECTION_COLUMNS, Dataset, build_index, open_dataset, save_dataset
from wildcam.data.deletion_plan import unfinished_deletion
from wildcam.data.labels import LabelPolicy
from wildcam.data.reviews import Reviews
from wildcam.data.thumbnails import Thumbnails
from wildcam.errors import DamagedFile, DataError, PermissionDenied, RunError, UsageError
from wildcam.predictions.external.submit import RESULTS_FILE
from wildcam.predictions.parts import read_predictions
from wildcam.predictions.people import known_people
from wildcam.predictions.submit import make_request
from wildcam.quality.check import check_dataset
from wildcam.quality.table import block_path, read_block
from wildcam.runs.lock import Lock, is_held
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.training.recipe import Recipe
from wildcam.training.validation_table import read_validation, validation_table, write_validation
from wildcam.upkeep import delete_people as deleting
from wildcam.upkeep.delete_people import delete_people, finish
from wildcam.upkeep.doctor import examine

NAMES = list("abcdef")
LABELS = ["human", "fox", "fox", "fox", "fox", "fox"]  # `b` is answered as people, `c` is corrected to them


@pytest.fixture
def photos(tmp_path: Path, image: Callable[..., bytes]) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        (folder / f"{name}.jpg").write_bytes(image(40 * number, 100, 100, size=(40, 30)))
    return folder


@pytest.fixture
def settings(small_home: Settings, photos: Path, tmp_path: Path) -> Settings:
    """Two data sets of the same photos, of which one has no labels, with all that can hang on a photo."""
    store = RunStore(small_home)
    linked = tmp_path / "link"
    linked.mkdir()
    for name in NAMES:
        (linked / f"other_{name}.jpg").symlink_to(photos / f"{name}.jpg")
    for name, root, prefix, labels in (("park", photos, "", LABELS), ("unlabelled", linked, "other_", None)):
        index = build_index(
            {"image_id": NAMES, "path": [f"{prefix}{name}.jpg" for name in NAMES]}
            | ({"label": labels} if labels else {})
        )
        boxes = pd.DataFrame(
            [(one, "animal", 0.9, 0.1, 0.1, 0.2, 0.2) for one in NAMES], columns=list(DETECTION_COLUMNS)
        )
        dataset = save_dataset(
            small_home.datasets_dir,
            index,
            name=name,
            source="",
            root=root,
            format="csv",
            labels=LabelPolicy(other=("human",)),
            detections=boxes,
        )
        check_dataset(dataset, lambda done, total: None, lambda: False)
    corrections = Reviews(small_home.home)
    corrections.add(str(photos / "c.jpg"), name="c.jpg", predicted="fox", label="hiker", models="")
    corrections.add((photos / "a.jpg").read_bytes(), name="a.jpg", predicted="fox", label="human", models="", keep=True)
    corrections.add(str(photos / "d.jpg"), name="d.jpg", predicted="fox", label="deer", models="")
    batch = store.create(Kind.PREDICT, "batch", make_request(store, dataset="park"))
    store.enqueue(batch.id)
    write_answers(batch.folder, photos, **dict.fromkeys(NAMES, "fox") | {"b": "human"})
    (batch.folder / RESULTS_FILE).write_text("{}")
    store.mark(batch.id, State.FINISHED)
    training = store.create(Kind.TRAIN, "training", Recipe.of("park", "empty_cnn", find_learning_rate=False))
    store.enqueue(training.id)
    probabilities = np.full((len(NAMES), 2), 0.5, np.float32)
    table = validation_table(NAMES, np.zeros(len(NAMES), int), probabilities, ("empty", "animal"))
    write_validation(training.folder, table, best=True)
    store.mark(training.id, State.FINISHED)
    thumbnails = Thumbnails(small_home.cache_dir / "thumbnails")
    for name in NAMES:
        thumbnails.get(photos / f"{name}.jpg")
    for folder in (small_home.pixels_dir, small_home.features_dir, small_home.cache_dir / "similarity"):
        folder.mkdir(parents=True)
        (folder / "0.pixels").write_bytes(b"a person")
    return small_home


def dataset_of(settings: Settings, name: str = "park") -> Dataset:
    return open_dataset(settings.datasets_dir, name)


def check_gone(settings: Settings, left: list[str]) -> None:
    """Nothing is left of the other photos."""
    store = RunStore(settings)
    for name, prefix in (("park", ""), ("unlabelled", "other_")):
        dataset = dataset_of(settings, name)
        assert dataset.index["image_id"].tolist() == left
        assert dataset.info.images == len(left)
        assert dataset.detections["image_id"].tolist() == left
        assert read_block(block_path(dataset, 0))["path"].tolist() == [f"{prefix}{one}.jpg" for one in left]
        (record,) = dataset.info.deleted_people
        assert record.images == len(NAMES) - len(left)
    (batch,) = store.all(Kind.PREDICT)
    assert read_predictions(batch.folder)["image_id"].tolist() == left
    assert not (batch.folder / RESULTS_FILE).exists()
    (training,) = store.all(Kind.TRAIN)
    for best in (True, False):
        table = read_validation(training.folder, best)
        assert table is not None
        assert table["image_id"].tolist() == left
    corrections = Reviews(settings.home)
    assert corrections.table()["name"].tolist() == ["d.jpg"]
    assert not list((settings.home / "corrections" / "images").iterdir())
    assert not list(settings.cache_dir.rglob("*.jpg")) + list(settings.cache_dir.rglob("*.pixels"))
    assert unfinished_deletion(settings.home) is None
    assert not known_people(settings).reasons
    assert not [finding for finding in examine(settings) if "row" in finding.what]


def test_nothing_of_them_is_left_in_the_home_and_their_files_stay(settings: Settings, photos: Path) -> None:
    assert known_people(settings).of_dataset(dataset_of(settings))["image_id"].tolist() == ["a", "b", "c"]
    done = delete_people(RunStore(settings), "park")
    check_gone(settings, ["d", "e", "f"])
    assert (done.photos, done.datasets, done.answers, done.corrections) == (3, ["park", "unlabelled"], 3, 2)
    assert len(list(photos.iterdir())) == len(NAMES)


def test_their_files_are_deleted_on_request(settings: Settings, photos: Path) -> None:
    done = delete_people(RunStore(settings), "park", delete_sources=True)
    assert done.sources == 3
    assert sorted(path.stem for path in photos.iterdir()) == ["d", "e", "f"]
    assert dataset_of(settings).info.deleted_people[0].sources_deleted


def test_a_file_that_cannot_be_deleted_is_named_and_the_rest_is_done(settings: Settings, photos: Path) -> None:
    (photos / "b.jpg").unlink()
    (photos / "b.jpg").mkdir()
    done = delete_people(RunStore(settings), "park", delete_sources=True)
    assert done.sources_left == [f"{photos / 'b.jpg'} (Is a directory)"]
    assert done.sources == 2
    assert not dataset_of(settings).info.deleted_people[0].sources_deleted
    check_gone(settings, ["d", "e", "f"])


def test_of_a_linked_photo_link_and_file_are_deleted(settings: Settings, photos: Path, tmp_path: Path) -> None:
    done = delete_people(RunStore(settings), "unlabelled", delete_sources=True)
    assert (done.photos, done.sources) == (3, 6)
    assert sorted(path.stem for path in photos.iterdir()) == ["d", "e", "f"]
    assert sorted(path.stem for path in (tmp_path / "link").iterdir()) == ["other_d", "other_e", "other_f"]
    check_gone(settings, ["d", "e", "f"])


def test_a_damaged_part_of_a_batch_stops_a_deletion_which_is_finished_later(settings: Settings, photos: Path) -> None:
    (batch,) = RunStore(settings).all(Kind.PREDICT)
    write_answers(batch.folder, photos, a="fox")
    part = batch.folder / "predictions" / "part-000002.parquet"
    content = part.read_bytes()
    part.write_bytes(b"damaged")
    with pytest.raises(DataError, match="3 photos of 'park' may show people"):
        delete_people(RunStore(settings), "park")
    assert unfinished_deletion(settings.home) is None
    with pytest.raises(DamagedFile, match="part-000002"):
        delete_people(RunStore(settings), "park", ["a", "b", "c"])
    assert unfinished_deletion(settings.home)
    part.write_bytes(content)
    finish(RunStore(settings))
    check_gone(settings, ["d", "e", "f"])


def test_a_damaged_data_set_stops_a_deletion_since_its_photos_may_be_the_same(settings: Settings) -> None:
    described = dataset_of(settings, "unlabelled").folder / "dataset.json"
    content = described.read_bytes()
    described.write_bytes(b"damaged")
    with pytest.raises(DamagedFile, match=r"unlabelled.*finish"):
        delete_people(RunStore(settings), "park", ["a", "b", "c"])
    described.write_bytes(content)
    finish(RunStore(settings))
    check_gone(settings, ["d", "e", "f"])


STEPS = (
    "parts.remove_rows",
    "validation_table.remove_images",
    "quality.remove_rows",
    "remove_images",
    "Reviews.remove",
    "shutil.rmtree",
    "_delete_sources",
    "_record_sources",
)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_after_a_kill_the_rest_is_done_and_nobody_saw_the_photo_meanwhile(
    step: str, after: bool, settings: Settings, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kill(BaseException):
        pass

    owner, name = deleting, step
    if "." in step:
        owner, name = getattr(deleting, step.split(".")[0]), step.split(".")[1]
    real = getattr(owner, name)

    def killed(*arguments: object, **named: object) -> None:
        if after:
            real(*arguments, **named)
        raise Kill

    store = RunStore(settings)
    with monkeypatch.context() as broken:
        broken.setattr(owner, name, killed)
        with pytest.raises(Kill):
            delete_people(store, "park", delete_sources=True)
    assert any("interrupted (park: 3 photos" in finding.what for finding in examine(settings))
    known = known_people(settings)
    for dataset in (dataset_of(settings), dataset_of(settings, "unlabelled")):
        shown = {name for name in dataset.index["image_id"] if not known.shows(photos / f"{name}.jpg")}
        assert shown == {"d", "e", "f"}
        assert all(not one.sources_deleted or after for one in dataset.info.deleted_people)
    with pytest.raises(UsageError, match="finish it first"):
        delete_people(store, "park", ["d"])
    finish(store)
    check_gone(settings, ["d", "e", "f"])
    assert sorted(path.stem for path in photos.iterdir()) == ["d", "e", "f"]


def test_a_full_disk_is_one_sentence_that_says_how_to_go_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(deleting.quality, "remove_rows", full)
        with pytest.raises(DataError, match=r"No space left.* finish"):
            delete_people(RunStore(settings), "park")
    finish(RunStore(settings))
    check_gone(settings, ["d", "e", "f"])


def test_chosen_photos_are_deleted_whatever_they_show_and_unknown_ones_refused(settings: Settings) -> None:
    store = RunStore(settings)
    with pytest.raises(UsageError, match=r"1 photo is not in .*first: zebra"):
        delete_people(store, "park", ["f", "zebra"])
    delete_people(store, "park", ["f"])
    assert dataset_of(settings).index["image_id"].tolist() == list("abcde")
    with pytest.raises(UsageError, match="No photo"):
        delete_people(store, "park", [])
    with pytest.raises(UsageError, match="No deletion was interrupted"):
        finish(store)


def test_not_while_a_run_may_hold_a_photo(settings: Settings) -> None:
    store = RunStore(settings)
    run = store.create(Kind.CHECK, "check", Recipe.of("park", "empty_cnn"))
    store.enqueue(run.id)
    lock = Lock.acquire(run.lock_path)
    assert lock
    with lock, pytest.raises(UsageError, match="1 run works or waits now"):
        delete_people(store, "park")
    assert unfinished_deletion(settings.home) is None


def test_no_run_begins_or_goes_on_until_an_interrupted_deletion_is_finished(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    store = RunStore(settings)
    (training,) = store.all(Kind.TRAIN)
    created = store.create(Kind.PREDICT, "created before", make_request(store, dataset="park"))
    with monkeypatch.context() as broken:
        broken.setattr(deleting, "_forget", full)
        with pytest.raises(DataError, match="No space left"):
            delete_people(store, "park")
    for begin in (
        lambda: store.create(Kind.PREDICT, "later", make_request(store, dataset="park")),
        lambda: store.enqueue(created.id),
        lambda: store.enqueue(training.id),
        lambda: check_dataset(dataset_of(settings)),
    ):
        with pytest.raises(RunError, match=r"park: 3 photos.*--finish"):
            begin()
    assert store.get(training.id).state is State.FINISHED
    finish(store)
    check_dataset(dataset_of(settings))
    store.enqueue(store.create(Kind.PREDICT, "later", make_request(store, dataset="park")).id)


def test_no_run_is_queued_between_the_last_look_and_the_plan(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(settings)
    write, held = deleting.atomic.write_json, []

    def look(*arguments: object) -> None:
        held.append(is_held(settings.home / "queue.lock"))
        write(*arguments)

    monkeypatch.setattr(deleting.atomic, "write_json", look)
    delete_people(store, "park")
    assert held[0]


def test_an_admin_alone_may_and_the_record_names_no_photo(settings: Settings) -> None:
    store = RunStore(settings)
    acts_for(lambda: Actor("tess", Role.TRAINER), write_audit)
    with pytest.raises(PermissionDenied, match="delete photos that show people"):
        delete_people(store, "park")
    acts_for(lambda: Actor("ada", Role.ADMIN), write_audit)
    delete_people(store, "park")
    log = read_audit(settings.home)
    what = "park: 3 photos, source files kept"
    assert log[["user", "act", "what", "allowed"]].to_numpy().tolist() == [
        ["ada", "delete_people_done", what, True],
        ["ada", "delete_people", what, True],
        ["tess", "delete_people", what, False],
    ]
    record = json.loads((dataset_of(settings).folder / "dataset.json").read_text())["deleted_people"][0]
    assert set(record) == {"images", "sources_deleted", "deleted_by", "asked_at"}
    assert record["deleted_by"] == "ada"


def test_the_command_line_lists_asks_and_deletes(
    settings: Settings, in_process: CommandLine, tmp_path: Path, photos: Path
) -> None:
    assert in_process.json("data", "people", "park", "--list", tmp_path / "people.csv") == {
        "photos": 3,
        "label human": 1,
        "answer human": 1,
        "correction to hiker": 1,
    }
    assert pd.read_csv(tmp_path / "people.csv")["image_id"].tolist() == ["a", "b", "c"]
    (tmp_path / "chosen.txt").write_text("a\nb\n")
    done = in_process("data", "delete-people", "park", "--photos", tmp_path / "chosen.txt", "--yes", "--source-files")
    assert done.returncode == 0, done.stderr
    assert "Backups and folders that were exported are not reached." in done.stderr
    assert sorted(path.stem for path in photos.iterdir()) == list("cdef")
    assert in_process("data", "delete-people", "park", "--yes").returncode == 0
    assert in_process.json("data", "people", "park") == {"photos": 0}
