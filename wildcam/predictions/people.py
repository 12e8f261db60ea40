"""Which photos of a home show people: the one answer that pages, exports and deletion go by.

A label, a detector or the answer of a batch is enough. The latest correction of a photo wins over all of them, in
either direction. Photos are known by their files, so that one is found however a data set or a batch leads to it.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from wildcam.data.catalog import Dataset, list_datasets, open_dataset
from wildcam.data.people import labelled_people, shows_people
from wildcam.data.reviews import ReviewLayer, Reviews
from wildcam.errors import DataError
from wildcam.predictions.deletion_plan import unfinished_deletion
from wildcam.predictions.parts import FOLDER, read_metadata, read_predictions
from wildcam.settings import Settings

Stamp = tuple[tuple[str, int], ...]
"""Files with their times of change: what was read of them is read again when one changes."""

UNREADABLE = "the labels cannot be read"


@dataclass(frozen=True)
class KnownPeople:
    """Why a photo shows people, by the path of its file without links."""

    reasons: Mapping[str, str]
    aliases: Mapping[str, str]  # the path without links of paths as they are stored
    corrected: frozenset[str] = frozenset()  # paths without links of photos that somebody corrected
    unreadable: tuple[str, ...] = ()  # roots of data sets whose labels nobody can read: any photo may show people

    def shows(self, path: Path) -> bool:
        """Whether people are seen in the photo of this file."""
        real = os.path.realpath(path)
        return real in self.reasons or any(real.startswith(f"{root}/") for root in self.unreadable)

    def reasons_of(self, root: Path, paths: pd.Series) -> pd.Series:
        """Why each photo shows people, missing where it does not. `paths`: below `root`, as a table has them."""
        real_root = f"{os.path.realpath(root)}/"
        unknown = UNREADABLE if any(real_root.startswith(f"{folder}/") for folder in self.unreadable) else None
        return self._real(root, paths).map(lambda path: self.reasons.get(path, unknown)).astype(object)

    def is_corrected(self, root: Path, paths: pd.Series) -> pd.Series:
        """Whether somebody corrected each photo, so that its own label counts no more."""
        return self._real(root, paths).isin(self.corrected)

    def _real(self, root: Path, paths: pd.Series) -> pd.Series:
        """The paths without links. Those that nothing is known of are not asked of the disk one by one."""
        below, real_root = f"{os.path.abspath(root)}/", f"{os.path.realpath(root)}/"
        return paths.map(lambda path: self.aliases.get(below + path, real_root + path)).astype(object)

    def of_dataset(self, dataset: Dataset) -> pd.DataFrame:
        """The photos of a data set that show people, `data.people.PEOPLE_COLUMNS`."""
        rows = dataset.index[["image_id", "path"]]
        reasons = self.reasons_of(dataset.info.root, rows["path"])
        return rows.assign(reason=reasons)[reasons.notna()]


def known_people(settings: Settings) -> KnownPeople:
    """All that the home knows now. What has not changed since is not read again."""
    found: dict[str, Called] = {}
    unreadable = []
    for folder in settings.runs_dir.glob(f"*/{FOLDER}"):
        with suppress(DataError, OSError, ValueError):  # a damaged batch, which no page opens either
            found |= _of_batch(folder.parent, _stamp(folder))
    for info in list_datasets(settings.datasets_dir):
        folder = settings.datasets_dir / info.name
        try:
            found |= _of_dataset(folder, _stamp(folder))
        except (DataError, OSError, ValueError):
            unreadable.append(os.path.realpath(info.root))
    reasons = {called.real: called.reason for called in found.values()}
    aliases = {path: called.real for path, called in found.items()}
    corrected = Reviews(settings.home).labels()
    for path, label in corrected.items():
        aliases[path] = os.path.realpath(path)
        reasons.pop(aliases[path], None)
        if shows_people(label):
            reasons[aliases[path]] = f"correction to {label}"
    if plan := unfinished_deletion(settings.home):
        reasons |= dict.fromkeys(plan.real_files, "being deleted")
        aliases |= dict(zip(plan.files, plan.real_files, strict=True))
    return KnownPeople(reasons, aliases, frozenset(aliases[path] for path in corrected), tuple(unreadable))


class Called(NamedTuple):
    """A file that something calls people."""

    real: str  # its path without links
    reason: str


@lru_cache(maxsize=64)
def _of_dataset(folder: Path, stamp: Stamp) -> dict[str, Called]:
    dataset = open_dataset(folder.parent, folder.name).reviewed(ReviewLayer())  # what people said is added later
    return _by_path(dataset.info.root, labelled_people(dataset))


@lru_cache(maxsize=512)
def _of_batch(run_folder: Path, stamp: Stamp) -> dict[str, Called]:
    table = read_predictions(run_folder, ["path", "label"])
    names = [label for label in table["label"].unique() if shows_people(label)]
    if not names:
        return {}
    rows = table[table["label"].isin(names)]
    return _by_path(read_metadata(run_folder).root, rows.assign(reason="answer " + rows["label"]))


def _by_path(root: Path, rows: pd.DataFrame) -> dict[str, Called]:
    paths = [os.path.abspath(root / path) for path in rows["path"]]
    return {path: Called(os.path.realpath(path), why) for path, why in zip(paths, rows["reason"], strict=True)}


def _stamp(folder: Path) -> Stamp:
    """Of the files of a folder but those that are being written, which come and go."""
    return tuple((file.name, file.stat().st_mtime_ns) for file in sorted(folder.glob("[!.]*")) if file.is_file())
