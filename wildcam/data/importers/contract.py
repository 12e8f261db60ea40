"""The interface of importers: options in, a table out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wildcam.data.catalog import Mend, Remark
from wildcam.data.folder_levels import FolderLevel, LevelGuess
from wildcam.data.species_names import SpeciesNames


@dataclass(frozen=True)
class ColumnMap:
    """Names of a table's own columns.

    What is None is guessed from the header, and left out if nothing fits; "" is not there.
    """

    path: str | None = None
    label: str | None = None
    location: str | None = None
    datetime: str | None = None
    image_id: str | None = None
    sequence: str | None = None
    split: str | None = None
    folder: str | None = None  # where `path` holds the bare file name
    time: str | None = None  # where `datetime` holds the date alone
    frame: str | None = None
    width: str | None = None
    height: str | None = None
    second_label: str | None = None
    empty: str | None = None  # a flag for photos without an animal


@dataclass(frozen=True)
class ImportOptions:
    """Options in addition to the source; an importer ignores those that its format does not have."""

    images_dir: Path | None = None  # the images' folder; None = next to the source
    columns: ColumnMap | None = None
    test_source: Path | None = None  # iWildCam's second file, with the test images
    detector: Path | None = None  # MegaDetector results
    ground_truth: Path | None = None  # CSV image_id,label for unlabelled images
    levels: tuple[FolderLevel, ...] | None = None  # what each level of folders stands for; None = told by their names


@dataclass(frozen=True)
class Imported:
    """A source as read: `index` has `catalog.INDEX_COLUMNS`, its paths start from `root`."""

    index: pd.DataFrame
    root: Path
    categories: dict[str, int]
    detections: pd.DataFrame | None = None
    names: SpeciesNames = SpeciesNames()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Preview:
    """The beginning of a source: `rows` has at most `PREVIEW_ROWS` rows."""

    format: str
    columns: ColumnMap | tuple[str, ...]  # the guessed columns of a table, else the recognised fields of the catalog
    rows: pd.DataFrame
    levels: tuple[LevelGuess, ...] = ()  # of folders, the outermost first


@dataclass(frozen=True)
class Importer:
    """A format: `read` raises `DataError` for what it cannot use; `preview` only where `read` is not cheap enough."""

    name: str
    title: str
    description: str
    read: Callable[[Path, ImportOptions], Imported]
    preview: Callable[[Path, ImportOptions], Preview] | None = None


PREVIEW_ROWS = 10
MOST_EXAMPLES = 5
LONGEST_EXAMPLE = 200


class Remarks:
    """Collects what an importer repaired or skipped."""

    def __init__(self) -> None:
        self._remarks: list[Remark] = []

    def note(self, what: str, affected: pd.Series, example: pd.Series, mend: Mend | None = None) -> None:
        """Count the rows where `affected` is true; `example` of the first ones is kept. Nothing for none."""
        count = int(affected.sum())
        if count:
            first = example[affected.to_numpy(dtype=bool)].iloc[:MOST_EXAMPLES]
            texts = [
                "" if pd.api.types.is_scalar(one) and pd.isna(one) else str(one)[:LONGEST_EXAMPLE] for one in first
            ]
            more = tuple(filter(None, texts[1:]))
            self._remarks.append(Remark(what=what, count=count, example=texts[0], more_examples=more, mend=mend))

    def add(self, what: str, count: int, example: object = "", mend: Mend | None = None) -> None:
        """Keep a remark that was counted elsewhere. Nothing for a count of 0."""
        if count:
            self._remarks.append(Remark(what=what, count=count, example=str(example)[:LONGEST_EXAMPLE], mend=mend))

    def all(self) -> tuple[Remark, ...]:
        """Every remark, in the order of the work."""
        return tuple(self._remarks)
