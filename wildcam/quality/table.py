"""What a scan measured of every file: blocks of rows in `datasets/<name>/quality/`, read as one table."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from wildcam import atomic
from wildcam.data.catalog import Dataset

HASH_COLUMNS = ("hash_0", "hash_1", "hash_2", "hash_3")
"""The perceptual hash, 256 bits, 64 a column."""

QUALITY_COLUMNS = {
    "path": "string",  # as in the index
    "status": "category",  # Status; missing = not scanned yet
    "reason": "string",  # why it cannot be read, or what is lost of it, one sentence; else missing
    "bytes": "Int64",  # size of the file
    "modified_ns": "Int64",  # its time of change, ns since 1970
    "digest": "string",  # BLAKE2b of its bytes, 32 hex digits; missing = they could not all be read
    **dict.fromkeys(HASH_COLUMNS, "UInt64"),
    "brightness": "float32",  # 0 black to 1 white; this and the rest only of an image that can be read
    "sharpness": "float32",  # 0 no edge to 1 black beside white
    "saturation": "float32",  # 0 grey to 1 pure colours
    "width": "Int32",  # px, as stored: before the turn that EXIF asks for
    "height": "Int32",
}
"""Every column of a quality table with its dtype."""

MEASURES = 2
"""Part of the blocks' names. Raise it when a column's meaning changes: blocks of another number are not read."""


def load_quality(dataset: Dataset) -> pd.DataFrame | None:
    """`QUALITY_COLUMNS` for every row of the data set's index, missing where not scanned; None before any scan."""
    blocks = [read_block(path) for path in sorted(_folder(dataset).glob(f"v{MEASURES}-*.parquet"))]
    if not blocks:
        return None
    return align(pd.concat(blocks), dataset)


def align(rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """The rows of the index's paths in the index's order, missing values where there is none."""
    aligned = rows.set_index("path").reindex(dataset.index["path"]).reset_index()
    return aligned.set_index(dataset.index.index).astype(QUALITY_COLUMNS)


def block_path(dataset: Dataset, number: int) -> Path:
    """The file of a block."""
    return _folder(dataset) / f"v{MEASURES}-{number:05}.parquet"


def scan_lock_path(dataset: Dataset) -> Path:
    """Held while a process scans the files of a data set."""
    return _folder(dataset) / "scan.lock"


def read_block(path: Path) -> pd.DataFrame:
    """The rows of a block, `status` as text; none where there is no such block or it is damaged."""
    try:
        return pd.read_parquet(path)[list(QUALITY_COLUMNS)]
    except (OSError, ValueError, KeyError):
        return as_rows([])


def write_block(path: Path, rows: pd.DataFrame) -> None:
    """Replace a block, whole or not at all."""
    atomic.write_bytes(path, rows.to_parquet(index=False, compression="zstd"))


def remove_rows(dataset: Dataset, paths: Collection[str]) -> None:
    """Forget what a scan measured of these files, in blocks of every number."""
    for path in _folder(dataset).glob("v*.parquet"):
        try:
            rows = pd.read_parquet(path)
        except ValueError:  # damaged: nobody knows whose measures it holds, and they are made again
            path.unlink()
            continue
        gone = rows["path"].isin(paths)
        if gone.any():
            write_block(path, rows[~gone])


def as_rows(records: list[dict[str, object]]) -> pd.DataFrame:
    """Records with the keys `QUALITY_COLUMNS` as a block's rows."""
    # Column by column: a table of mixed records would take whole numbers of 64 bits for floating-point ones where one
    # is missing. Status as text: categories of several blocks would not concatenate.
    dtypes = QUALITY_COLUMNS | {"status": "string"}
    return pd.DataFrame({name: pd.array([record[name] for record in records], dtype) for name, dtype in dtypes.items()})


def _folder(dataset: Dataset) -> Path:
    return dataset.folder / "quality"
