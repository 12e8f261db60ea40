"""Reading what the home stores: whatever a library says against a file's content is one error, with what to do.

Files are written complete or not at all (`wildcam.atomic`); what damages one comes from outside: a disk that fails, a
copy that was cut off, somebody's hand.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pyarrow.parquet
from pydantic import BaseModel

from wildcam.counting import counted
from wildcam.errors import DamagedFile

Model = TypeVar("Model", bound=BaseModel)

Stamp = tuple[tuple[str, int, int], ...]
"""Files with their times of change and sizes: what was read of them is read again when one changes."""


@contextmanager
def reading(path: Path, advice: str) -> Iterator[None]:
    """Read this file within the block. `advice`: what works without it and what to do, one sentence or two.

    Raises `DamagedFile` where the content cannot be read; a missing file, and a disk that refuses, raise `OSError`.
    """
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:  # of pandas, Arrow, pydantic, json
        if isinstance(error, OSError) and error.errno:
            raise
        raise DamagedFile(f"{_what_is_wrong(path)}. {advice}") from error


def read_stored_table(path: Path, advice: str) -> pd.DataFrame:
    """A Parquet file. Raises as `reading` does."""
    with reading(path, advice):
        return pd.read_parquet(path)


def read_stored_model(path: Path, model: type[Model], advice: str) -> Model:
    """A JSON file. Raises as `reading` does."""
    with reading(path, advice):
        return model.model_validate_json(path.read_bytes())


def stamp_of(folder: Path, ending: str = "") -> Stamp:
    """Of the files of a folder but those that are being written, which come and go; none where there is no folder."""
    found = []
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(ending) and not entry.name.startswith(".") and entry.is_file():
                found.append((entry.name, entry.stat().st_mtime_ns, entry.stat().st_size))
    return tuple(sorted(found))


def check_stored_table(path: Path, advice: str) -> None:
    """Read only what a Parquet file says of itself. Raises as `reading` does."""
    with reading(path, advice):
        pyarrow.parquet.read_schema(path)


def _what_is_wrong(path: Path) -> str:
    name, size = f"{path.parent.name}/{path.name}", path.stat().st_size
    return f"{name} is damaged, {counted(size, 'byte')} that cannot be read" if size else f"{name} is damaged: empty"
