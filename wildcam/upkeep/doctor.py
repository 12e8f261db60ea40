"""Looks through a home: what is damaged, what a kill left behind, and what of it can be mended."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from wildcam.counting import counted
from wildcam.data.catalog import damaged_datasets, list_datasets, open_dataset
from wildcam.data.deletion_plan import unfinished_deletion
from wildcam.errors import BundleError, DamagedFile, DataError, WildcamError
from wildcam.predictions.parts import read_metadata, read_predictions
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import damaged_models, list_bundles, verify
from wildcam.settings import Settings
from wildcam.training.validation_table import read_validation
from wildcam.upkeep.databases import DATABASES, copies_of, copy_database, problem_of
from wildcam.upkeep.disk_use import size_of
from wildcam.upkeep.leftovers import is_only_copy, leftovers, target_of

LEFTOVER_SECONDS = 3600
"""Something that is being written changes more often than that."""

LITTLE_SPACE = 2e9  # bytes


@dataclass(frozen=True)
class Finding:
    """Something that is wrong. `mend` mends it; None where a person has to."""

    what: str
    advice: str
    mend: Callable[[], object] | None = None


def examine(settings: Settings) -> Iterator[Finding]:
    """All findings, part by part; databases first, since runs cannot be read with a damaged one."""
    if not settings.home.exists():
        return
    sound = True
    for finding in _databases(settings):
        sound = False
        yield finding
    yield from _datasets(settings)
    yield from _models(settings)
    if sound:
        yield from _runs(settings)
    yield from _logs(settings)
    yield from _leftovers(settings)
    if plan := unfinished_deletion(settings.home):
        yield Finding(
            f"A deletion of photos was interrupted ({plan.sentence}).", "Run wildcam data delete-people --finish."
        )
    free = shutil.disk_usage(settings.home).free
    if free < LITTLE_SPACE:
        yield Finding(
            f"Only {free / 1e9:.1f} GB are free.",
            "`wildcam disk` says what takes it, `wildcam clean` frees what nobody needs.",
        )


def _databases(settings: Settings) -> Iterator[Finding]:
    for name in DATABASES:
        path = settings.home / name
        problem = problem_of(path) if path.exists() else _why_missed(settings, name)
        if not problem:
            continue
        copy = next((copy for copy in copies_of(settings, name) if not problem_of(copy)), None)
        if copy is None:
            yield Finding(f"{name} is damaged ({problem}), and there is no daily copy.", "Restore it from a backup.")
            continue
        yield Finding(
            f"{name} is damaged ({problem}).",
            f"Mending puts the copy of {copy.name[:10]} in its place, and keeps the damaged file beside it; then "
            "start the app again.",
            partial(_put_back, path, copy),
        )


def _why_missed(settings: Settings, name: str) -> str:
    """Why a database that is not there should be; "" where it need not."""
    has_runs = name == "mlflow.db" and not settings.tracking and any(settings.runs_dir.glob("[!.]*"))
    return "it is gone, and there are runs" if has_runs else ""


def _put_back(path: Path, copy: Path) -> None:
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    if path.exists():
        path.replace(path.with_name(f"{path.name}.damaged-{now}"))
    for journal in ("-wal", "-shm"):
        Path(f"{path}{journal}").unlink(missing_ok=True)
    copy_database(copy, path)
    path.chmod(0o600 if path.name == "accounts.db" else 0o644)


def _datasets(settings: Settings) -> Iterator[Finding]:
    for name, sentence in damaged_datasets(settings.datasets_dir).items():
        yield Finding(f"Data set {name}: dataset.json cannot be read.", sentence)
    for name in (info.name for info in list_datasets(settings.datasets_dir)):
        dataset = open_dataset(settings.datasets_dir, name)
        try:
            images = len(dataset.index)
            if images != dataset.info.images:
                yield Finding(
                    f"Data set {name}: {counted(images, 'row')}, expected {counted(dataset.info.images, 'photo')}.",
                    "Import it again.",
                )
            _ = dataset.detections
        except (WildcamError, OSError, ValueError) as error:
            yield Finding(f"Data set {name}: {error}", "Import it again.")
        if not dataset.info.root.is_dir():
            yield Finding(f"Data set {name}: its photos are not in {dataset.info.root}.", "Mount or import it again.")


def _models(settings: Settings) -> Iterator[Finding]:
    for name, sentence in damaged_models(settings.own_models_dir).items():
        yield Finding(f"Model {name}: {sentence}", "Promote it again, or delete it.")
    for bundle in list_bundles(settings.own_models_dir):
        try:
            verify(bundle)
        except (BundleError, OSError) as error:
            yield Finding(str(error), "Promote it again, or delete it.")


def _runs(settings: Settings) -> Iterator[Finding]:
    try:
        runs = RunStore(settings).all()
    except WildcamError as error:
        yield Finding(f"Runs cannot be read: {error}", "Check WILDCAM_TRACKING.")
        return
    known = {run.id for run in runs}
    for folder in sorted(settings.runs_dir.glob("[!.]*")):
        if folder.is_dir() and folder.name not in known:
            yield Finding(f"runs/{folder.name[:8]}…: a folder without a run.", "It may be deleted by hand.")
    for run in runs:
        if not run.state.is_live:
            yield from _damage_of(run)


def _damage_of(run: Run) -> Iterator[Finding]:
    """Of the files that pages read of a run."""
    is_batch = run.kind is Kind.PREDICT
    readings: tuple[Callable[[Path], object], ...] = (
        (read_metadata, read_predictions) if is_batch else (read_validation, partial(read_validation, best=False))
    )
    for read in readings:
        try:
            read(run.folder)
        except DamagedFile as error:
            yield Finding(f"{run.kind.display} {run.name} cannot be read.", str(error))
        except DataError:  # it had not begun
            continue


def _logs(settings: Settings) -> Iterator[Finding]:
    for name in ("corrections/corrections.jsonl", "audit.jsonl"):
        path = settings.home / name
        if not path.exists():
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        bad = sum(1 for line in lines if line and not _is_json(line))
        if bad:
            yield Finding(f"{name}: {counted(bad, 'line')} cannot be read.", "A full disk cut them; the others count.")


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _leftovers(settings: Settings) -> Iterator[Finding]:
    """What a killed process was writing; a folder that was moved aside to be replaced is put back."""
    for path in leftovers(settings, LEFTOVER_SECONDS):
        if path.is_relative_to(settings.cache_dir):
            continue
        target, name = target_of(path), path.relative_to(settings.home)
        if is_only_copy(path):
            yield Finding(
                f"{target.relative_to(settings.home)} is gone: a process was killed while it replaced it.",
                f"Mending puts {name} in its place.",
                partial(path.rename, target),
            )
        else:
            yield Finding(
                f"{name}: an unfinished copy that a killed process left, {size_of(path) / 1e6:,.1f} MB.",
                "Mending deletes it.",
                partial(shutil.rmtree, path) if path.is_dir() else path.unlink,
            )
