"""Delete photos that show people for good: all that the home holds of them, and on request their files.

What is to be done is written down first (`data.deletion_plan`): after a kill, `finish` does the rest. Until
all is done each of the photos counts as one of people, whatever called it so.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import pandas as pd

from wildcam import atomic
from wildcam.accounts.acting import actor_name, permit, record_done
from wildcam.accounts.roles import Act
from wildcam.counting import counted
from wildcam.data.catalog import (
    Dataset,
    DeletedPeople,
    damaged_datasets,
    list_datasets,
    open_dataset,
    record_sources_deleted,
    remove_images,
)
from wildcam.data.deletion_plan import PLAN_FILE, DeletionPlan, unfinished_deletion
from wildcam.data.reviews import Reviews
from wildcam.errors import DamagedFile, DataError, UsageError
from wildcam.images import MAX_BYTES
from wildcam.predictions import parts
from wildcam.predictions.external.submit import RESULTS_FILE
from wildcam.predictions.people import UNREADABLE, known_people
from wildcam.predictions.real_paths import real_paths
from wildcam.quality import table as quality
from wildcam.regular_files import read_regular
from wildcam.runs.lock import Lock, is_held
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.similarity.index import index_path
from wildcam.training import validation_table

LOCK_FILE = "people_deletion.lock"


@dataclass
class Deleted:
    """What was deleted."""

    photos: int
    datasets: list[str] = field(default_factory=list)  # that held them
    answers: int = 0  # rows of batches
    corrections: int = 0
    sources: int = 0
    sources_left: list[str] = field(default_factory=list)  # with why


def delete_people(
    store: RunStore, name: str, image_ids: Iterable[str] | None = None, *, delete_sources: bool = False
) -> Deleted:
    """Delete the photos of a data set that show people; with `image_ids` these photos, whatever they show.

    Raises `UsageError` where there is none, while a run works or waits, and for an unknown data set or image;
    `PermissionDenied`; `DataError` where something cannot be written: asked again, it does the rest.
    """
    settings = store.settings
    dataset = open_dataset(settings.datasets_dir, name)
    rows = _chosen(dataset, settings, image_ids)
    if rows.empty:
        raise UsageError(f"No photo of the data set {name!r} is known to show people: nothing is deleted.")
    files = [os.path.abspath(dataset.info.root / path) for path in rows["path"]]
    plan = DeletionPlan(
        dataset=name,
        files=tuple(files),
        real_files=tuple(map(os.path.realpath, files)),
        digests=tuple(filter(None, map(_digest, files))),
        deletes_sources=delete_sources,
        asked_by=actor_name(),
        asked_at=datetime.now(UTC),
    )
    permit(Act.DELETE_PEOPLE, plan.sentence)
    with _alone(store):
        if unfinished_deletion(settings.home):
            raise UsageError("An earlier deletion was interrupted: finish it first (data delete-people --finish).")
        with store.hold_queue():  # from here on the plan keeps runs out
            _check_idle(store)
            atomic.write_json(settings.home / PLAN_FILE, plan)
        return _carry_out(store, plan)


def finish(store: RunStore) -> Deleted:
    """Do the rest of a deletion that was interrupted. Raises `UsageError` where there is none."""
    plan = unfinished_deletion(store.settings.home)
    if plan is None:
        raise UsageError("No deletion was interrupted: there is nothing to finish.")
    permit(Act.DELETE_PEOPLE, f"{plan.sentence}, asked for by {plan.asked_by}")
    with _alone(store):
        return _carry_out(store, plan)


def _chosen(dataset: Dataset, settings: Settings, image_ids: Iterable[str] | None) -> pd.DataFrame:
    if image_ids is None:
        found = known_people(settings).of_dataset(dataset)
        if doubtful := int((found["reason"] == UNREADABLE).sum()):
            raise DataError(
                f"{counted(doubtful, 'photo')} of {dataset.name!r} may show people, since {UNREADABLE}: mend or delete "
                "what is damaged (`wildcam doctor` names it), then delete people. Nothing is deleted."
            )
        return found
    wanted = set(image_ids)
    rows = dataset.index[dataset.index["image_id"].isin(wanted)]
    if missing := wanted - set(rows["image_id"]):
        raise UsageError(
            f"{counted(len(missing), 'photo is', 'photos are')} not in the data set {dataset.name!r} (first: "
            f"{min(missing)}): give the ids as `data people --list` writes them."
        )
    return rows


def _digest(file: str) -> str:
    with suppress(OSError):  # a file that is gone
        return sha256(read_regular(file, MAX_BYTES)).hexdigest()
    return ""


def _alone(store: RunStore) -> Lock:
    """Of two deletions one is refused, and each while a run works. Raises `UsageError`."""
    _check_idle(store)
    lock = Lock.acquire(store.settings.home / LOCK_FILE)
    if lock is None:
        raise UsageError("Photos are being deleted already: wait for the end.")
    return lock


def _check_idle(store: RunStore) -> None:
    """Runs hold decoded photos and write tables: none may be at work. Raises `UsageError`."""
    if live := store.live():
        raise UsageError(
            f"{counted(len(live), 'run works or waits', 'runs work or wait')} now ({live[0].name}): photos are deleted "
            "for good when no run can hold them. Stop what runs, or wait for its end."
        )
    settings = store.settings
    for info in list_datasets(settings.datasets_dir):
        if is_held(quality.scan_lock_path(open_dataset(settings.datasets_dir, info.name))):
            raise UsageError(f"The files of {info.name!r} are being checked: wait for the end of the check.")


def _carry_out(store: RunStore, plan: DeletionPlan) -> Deleted:
    done = Deleted(len(plan.files))
    try:
        _forget(store, plan, done)
        for folder in _caches(store.settings):
            if folder.exists():  # caches are made again; of one photo, nobody knows all copies that they hold
                shutil.rmtree(folder)
        if plan.deletes_sources:
            _delete_sources(plan, done)
            if not done.sources_left:
                _record_sources(store.settings, plan)
        (store.settings.home / PLAN_FILE).unlink()
    except OSError as error:
        raise DataError(
            f"The deletion stopped ({error.strerror or error}): free space or mend the permissions, then finish it "
            "(data delete-people --finish)."
        ) from error
    except DamagedFile as error:
        raise DamagedFile(f"{error} Then finish the deletion (data delete-people --finish).") from error
    left = f", {counted(len(done.sources_left), 'source file')} left" if done.sources_left else ""
    record_done(Act.DELETE_PEOPLE, plan.sentence + left)
    return done


def _caches(settings: Settings) -> tuple[Path, ...]:
    thumbnails, similarity = settings.cache_dir / "thumbnails", index_path(settings, "any").parent
    return thumbnails, similarity, settings.pixels_dir, settings.features_dir


def _forget(store: RunStore, plan: DeletionPlan, done: Deleted) -> None:
    settings, files = store.settings, _Files(plan)
    for damaged in damaged_datasets(settings.datasets_dir).values():
        raise DamagedFile(damaged)
    for run in store.all(Kind.PREDICT):
        if not parts.parts_stamp(run.folder):
            continue  # no answer yet
        root = parts.read_metadata(run.folder).root
        if files.among(root, parts.read_predictions(run.folder, ["path"])["path"]).any():
            (run.folder / RESULTS_FILE).unlink(missing_ok=True)  # another program's file names them, too
            done.answers += parts.remove_rows(run.folder, partial(files.among, root))
    for info in list_datasets(settings.datasets_dir):
        dataset = open_dataset(settings.datasets_dir, info.name)
        rows = dataset.index[files.among(info.root, dataset.index["path"])]
        if rows.empty and dataset.name != plan.dataset:
            continue
        ids = rows["image_id"].tolist()
        for run in store.of_dataset(dataset.name):
            validation_table.remove_images(run.folder, ids)
        quality.remove_rows(dataset, rows["path"].tolist())
        record = DeletedPeople(
            images=len(rows),
            sources_deleted=False,  # until they are
            deleted_by=plan.asked_by,
            asked_at=plan.asked_at,
        )
        remove_images(dataset, ids, record)
        done.datasets.append(dataset.name)
    done.corrections = Reviews(settings.home).remove({*plan.files, *plan.real_files}, plan.digests)


class _Files:
    """The files of a plan, to be found again however a table leads to them."""

    def __init__(self, plan: DeletionPlan) -> None:
        self._real = frozenset(plan.real_files)

    def among(self, root: Path, paths: pd.Series) -> pd.Series:
        """Whether each path below `root` is one of them."""
        return real_paths(root, paths).isin(self._real)


def _delete_sources(plan: DeletionPlan, done: Deleted) -> None:
    for file in sorted({*plan.files, *plan.real_files}):  # links and what they lead to
        try:
            os.unlink(file)
            done.sources += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            done.sources_left.append(f"{file} ({error.strerror})")


def _record_sources(settings: Settings, plan: DeletionPlan) -> None:
    for info in list_datasets(settings.datasets_dir):
        if plan.asked_at in [record.asked_at for record in info.deleted_people]:
            record_sources_deleted(open_dataset(settings.datasets_dir, info.name), plan.asked_at)
