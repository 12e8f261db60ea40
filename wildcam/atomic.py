"""Write a file complete or not at all: temporary name beside it, then one rename."""

import os
import tempfile
from pathlib import Path

from pydantic import BaseModel


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` by `content`; a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_json(path: Path, model: BaseModel) -> None:
    """Replace `path` by the model as readable JSON."""
    write_bytes(path, model.model_dump_json(indent=2).encode() + b"\n")
