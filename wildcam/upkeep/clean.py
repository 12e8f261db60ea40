"""Free disk: what old runs no longer need, caches that nobody used, copies that a kill left; nothing that people made.

Runs that compute or may be resumed, promoted models, data sets with their sources, corrections and the last
checkpoint of what can go on are never touched.
"""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from wildcam.accounts.acting import permit
from wildcam.accounts.roles import Act
from wildcam.counting import counted
from wildcam.errors import BundleError, UsageError
from wildcam.runs.lock import Lock
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import open_run_bundle
from wildcam.settings import Settings
from wildcam.training.inputs.pixel_cache import drop_unused, unused_bytes
from wildcam.upkeep.disk_use import Part, size_of
from wildcam.upkeep.leftovers import is_only_copy, leftovers, unchanged_since

DAY = 24 * 3600.0
LEFTOVER_DAYS = 1
"""What is being written changes more often than that, however large it is."""

LEAST_DAYS, MOST_DAYS = 1, 3650
DEFAULT_DAYS = 30


@dataclass(frozen=True)
class Freeable:
    """Something that may go: what, how many bytes of disk it takes, and how it is freed."""

    part: Part
    what: str
    bytes: int
    free: Callable[[], int]  # the bytes that it freed: less where somebody began to use it


def read_days(text: str) -> int:
    """Days, as `30d` or `30`. Raises `UsageError`."""
    found = re.fullmatch(r"(\d{1,4})d?", text.strip())
    if not found or not LEAST_DAYS <= int(found[1]) <= MOST_DAYS:
        raise UsageError(f"Received {text!r}: expected days from {LEAST_DAYS} to {MOST_DAYS:,}, such as 30d.")
    return int(found[1])


def freeable(settings: Settings, days: int) -> list[Freeable]:
    """What nobody has needed for so many days, the largest first. Raises `RunError` where runs cannot be read."""
    found = [*_checkpoints(settings, days), *_thumbnails(settings, days), *_caches(settings, days), *_copies(settings)]
    return sorted((one for one in found if one.bytes), key=lambda one: -one.bytes)


def clean(settings: Settings, days: int) -> int:
    """Free it; how many bytes that were. Raises `PermissionDenied`, `RunError`, `OSError`."""
    permit(Act.FREE_DISK, f"older than {counted(days, 'day')}")
    return sum(one.free() for one in freeable(settings, days))


def _checkpoints(settings: Settings, days: int) -> Iterator[Freeable]:
    """Of finished trainings: their best epoch is their model."""
    if not settings.runs_dir.exists():
        return
    before = datetime.now(UTC) - timedelta(days=days)
    for run in RunStore(settings).all(Kind.TRAIN):
        folder = run.folder / "checkpoint"
        if (
            run.state is State.FINISHED
            and run.ended_at
            and run.ended_at < before
            and folder.is_dir()
            and _has_model(run)
        ):
            yield Freeable(
                Part.CHECKPOINTS,
                f"Checkpoints of {run.name}, finished {run.ended_at:%Y-%m-%d}; its model stays.",
                size_of(folder),
                partial(_remove_checkpoints, run, folder),
            )


def _has_model(run: Run) -> bool:
    try:
        open_run_bundle(run.bundle_dir)
    except BundleError:
        return False
    return True


def _remove_checkpoints(run: Run, folder: Path) -> int:
    """Not while a worker holds the run."""
    lock = Lock.acquire(run.lock_path)
    if lock is None:
        return 0
    with lock:
        return _remove([folder])


def _thumbnails(settings: Settings, days: int) -> Iterator[Freeable]:
    paths = list(unchanged_since((settings.cache_dir / "thumbnails").glob("*.jpg"), time.time() - days * DAY))
    if paths:
        what = f"{counted(len(paths), 'thumbnail')} that nobody has seen since; made again where needed."
        yield Freeable(Part.THUMBNAILS, what, sum(map(size_of, paths)), partial(_remove, paths))


def _caches(settings: Settings, days: int) -> Iterator[Freeable]:
    old = time.time() - days * DAY
    for part, folder in ((Part.PIXELS, settings.pixels_dir), (Part.FEATURES, settings.features_dir)):
        what = f"{part.display} that no training has read since; computed again where needed."
        yield Freeable(part, what, unused_bytes(folder, old), partial(drop_unused, folder, old))


def _copies(settings: Settings) -> Iterator[Freeable]:
    paths = [path for path in leftovers(settings, LEFTOVER_DAYS * DAY) if not is_only_copy(path)]
    if paths:
        what = f"{counted(len(paths), 'unfinished copy', 'unfinished copies')} that a killed process left."
        yield Freeable(Part.LEFTOVERS, what, sum(map(size_of, paths)), partial(_remove, paths))


def _remove(paths: list[Path]) -> int:
    freed = 0
    for path in paths:
        with suppress(FileNotFoundError):  # somebody else was quicker
            size = size_of(path)
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
            freed += size
    return freed
