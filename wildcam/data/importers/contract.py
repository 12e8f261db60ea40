"""What an importer gets and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wildcam.data.catalog import Remark


@dataclass(frozen=True)
class ColumnMap:
    """Names of a table's own columns. What is None is guessed from the header, and left out if nothing fits; "" is not there."""

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


@dataclass(frozen=True)
class ImportOptions:
    """What a user may say beside the source; an importer ignores what its format does not have."""

    images_dir: Path | None = None  # the images' folder; None = beside the source
    columns: ColumnMap | None = None
    test_source: Path | None = None  # iWildCam's second file, of the test images
    detector: Path | None = None  # MegaDetector results
    ground_truth: Path | None = None  # CSV image_id,label for images that the source leaves unlabelled


@dataclass(frozen=True)
class Imported:
    """A source as read: `index` has `catalog.INDEX_COLUMNS`, its paths start from `root`."""

    index: pd.DataFrame
    root: Path
    categories: dict[str, int]
    detections: pd.DataFrame | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A first look at a source, before it is kept: `rows` holds at most `PREVIEW_ROWS`."""

    format: str
    columns: ColumnMap | tuple[str, ...]  # of a table the guessed columns, else the catalog's fields that are known
    rows: pd.DataFrame


@dataclass(frozen=True)
class Importer:
    """A format: `read` raises `DataError` for what it cannot use; `preview` only where `read` is not cheap enough."""

    name: str
    title: str
    description: str
    read: Callable[[Path, ImportOptions], Imported]
    preview: Callable[[Path, ImportOptions], Preview] | None = None


PREVIEW_ROWS = 10


class Remarks:
    """Collects what an importer mended or left out."""

    def __init__(self) -> None:
        self._remarks: list[Remark] = []

    def note(self, what: str, affected: pd.Series, example: pd.Series) -> None:
        """Count the rows where `affected` is true; the first one's `example` is kept. Nothing for none."""
        count = int(affected.sum())
        if count:
            first = example[affected.to_numpy(dtype=bool)].iloc[0]
            is_missing = pd.api.types.is_scalar(first) and pd.isna(first)
            self._remarks.append(Remark(what=what, count=count, example="" if is_missing else str(first)[:200]))

    def add(self, what: str, count: int, example: object = "") -> None:
        """Keep a remark that was counted elsewhere. Nothing for a count of 0."""
        if count:
            self._remarks.append(Remark(what=what, count=count, example=str(example)[:200]))

    def all(self) -> tuple[Remark, ...]:
        """Every remark, in the order of the work."""
        return tuple(self._remarks)
