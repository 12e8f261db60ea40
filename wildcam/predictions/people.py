"""Which photos of a home show people: the one answer that pages, exports and deletion go by.

A label, a detector or the answer of a batch is enough. The latest correction of a photo wins over all of them, in
either direction. Photos are known by their files, so that one is found however a data set or a batch leads to it.
"""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from wildcam.data.catalog import Dataset, open_dataset
from wildcam.data.deletion_plan import PLAN_FILE, unfinished_deletion
from wildcam.data.people import labelled_people, shows_people
from wildcam.data.reviews import ReviewLayer, Reviews
from wildcam.errors import DataError, WildcamError
from wildcam.predictions.parts import FOLDER, read_metadata, read_sound_predictions
from wildcam.predictions.real_paths import real_paths
from wildcam.settings import Settings
from wildcam.stored import Stamp, stamp_of

UNREADABLE = "labels or answers cannot be read"
ANYWHERE = Path("/")
"""The root of what cannot even say where its photos lie."""


@dataclass(frozen=True)
class KnownPeople:
    """Why a photo shows people, by the path of its file without links."""

    reasons: Mapping[str, str]
    corrected: frozenset[str] = frozenset()  # paths without links of photos that somebody corrected
    unreadable: tuple[str, ...] = ()  # folders, with a slash, of whose labels or answers some cannot be read

    def shows(self, path: Path) -> bool:
        """Whether people are seen in the photo of this file."""
        return self._reason(os.path.realpath(path)) is not None

    def reasons_of(self, root: Path, paths: pd.Series) -> pd.Series:
        """Why each photo shows people, missing where it does not. `paths`: below `root`, as a table has them."""
        return real_paths(root, paths).map(self._reason).astype(object)

    def is_corrected(self, root: Path, paths: pd.Series) -> pd.Series:
        """Whether somebody corrected each photo, so that its own label counts no more."""
        return real_paths(root, paths).isin(self.corrected)

    def of_dataset(self, dataset: Dataset) -> pd.DataFrame:
        """The photos of a data set that show people, `data.people.PEOPLE_COLUMNS`."""
        rows = dataset.index[["image_id", "path"]]
        reasons = self.reasons_of(dataset.info.root, rows["path"])
        return rows.assign(reason=reasons)[reasons.notna()]

    def _reason(self, real: str) -> str | None:
        """Any photo of which something cannot be read may show people."""
        return self.reasons.get(real, UNREADABLE if real.startswith(self.unreadable) else None)


def known_people(settings: Settings) -> KnownPeople:
    """All that the home knows now. What has not changed since is not read again."""
    return _MEMORIES.setdefault(settings.home, _Memory()).known(settings)


@dataclass(frozen=True)
class _Said:
    """What one data set or batch says of its photos."""

    reasons: Mapping[str, str] = field(default_factory=dict)  # by path without links
    unreadable: Path | None = None  # the folder of whose photos it may say more


class _Memory:
    """What this process has read of a home."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # of many pages one reads, and the others wait for it
        self._said: dict[Path, tuple[Stamp | None, _Said]] = {}  # by folder; no stamp: to be read again
        self._state: object = None
        self._known = KnownPeople({})

    def known(self, settings: Settings) -> KnownPeople:
        with self._lock:
            stamps = {folder: stamp_of(folder) for folder in (*_datasets(settings), *_batches(settings))}
            state = (stamps, stamp_of(settings.home / "corrections"), stamp_of(settings.home, PLAN_FILE))
            if state != self._state:
                self._said = {folder: self._read(folder, stamp, settings) for folder, stamp in stamps.items()}
                self._known = _together([said for _, said in self._said.values()], settings)
                is_lasting = all(stamp is not None for stamp, _ in self._said.values())
                self._state = state if is_lasting else None
            return self._known

    def _read(self, folder: Path, stamp: Stamp, settings: Settings) -> tuple[Stamp | None, _Said]:
        before = self._said.get(folder)
        if before and before[0] == stamp:
            return before
        read: Callable[[Path], _Said] = _of_dataset if folder.parent == settings.datasets_dir else _of_batch
        try:
            return stamp, read(folder)
        except OSError:  # a disk that refuses now may give it next time, and no file changes
            return None, _Said(unreadable=ANYWHERE)


_MEMORIES: dict[Path, _Memory] = {}


def _datasets(settings: Settings) -> list[Path]:
    return sorted(settings.datasets_dir.glob("[!.]*/"))


def _batches(settings: Settings) -> list[Path]:
    return sorted(settings.runs_dir.glob(f"*/{FOLDER}"))


def _together(all_said: list[_Said], settings: Settings) -> KnownPeople:
    reasons = {path: reason for said in all_said for path, reason in said.reasons.items()}
    labels = Reviews(settings.home).labels()  # the earliest first: of two paths of one file the later review counts
    corrected = real_paths(ANYWHERE, pd.Series(list(labels), dtype=object)).tolist()
    for path, label in zip(corrected, labels.values(), strict=True):
        reasons.pop(path, None)
        if shows_people(label):
            reasons[path] = f"correction to {label}"
    if plan := unfinished_deletion(settings.home):
        reasons |= dict.fromkeys(plan.real_files, "being deleted")
    unreadable = {os.path.join(os.path.realpath(said.unreadable), "") for said in all_said if said.unreadable}
    return KnownPeople(reasons, frozenset(corrected), tuple(sorted(unreadable)))


def _of_dataset(folder: Path) -> _Said:
    root = ANYWHERE
    try:
        dataset = open_dataset(folder.parent, folder.name).reviewed(ReviewLayer())  # what people said is added later
        root = dataset.info.root
        return _Said(_by_file(root, labelled_people(dataset)))
    except (WildcamError, ValueError):
        return _Said(unreadable=root)


def _of_batch(folder: Path) -> _Said:
    root = ANYWHERE
    try:
        table, is_whole = read_sound_predictions(folder.parent, ["path", "label"])
        if table.empty and is_whole:
            return _Said()  # no answer yet
        root = read_metadata(folder.parent).root
        names = [label for label in table["label"].unique() if shows_people(label)]
        rows = table[table["label"].isin(names)]
        reasons = _by_file(root, rows.assign(reason="answer " + rows["label"]))
        return _Said(reasons, None if is_whole else root)
    except (DataError, ValueError):
        return _Said(unreadable=root)


def _by_file(root: Path, rows: pd.DataFrame) -> dict[str, str]:
    return dict(zip(real_paths(root, rows["path"]), rows["reason"], strict=True))
