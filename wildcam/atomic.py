"""Write a file or a folder complete or not at all: temporary name beside it, then one rename."""

import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from pydantic import BaseModel

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
"""Of linux/fcntl.h and linux/fs.h."""


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` by `content`; a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path)
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_cached(path: Path, content: bytes) -> None:
    """As `write_bytes`, of what can be made again: where the disk refuses, it is not kept."""
    with suppress(OSError):
        write_bytes(path, content)


def write_json(path: Path, model: BaseModel) -> None:
    """Replace `path` by the model as readable JSON."""
    write_bytes(path, model.model_dump_json(indent=2).encode() + b"\n")


@contextmanager
def new_folder(target: Path, *, replace: bool = True) -> Iterator[Path]:
    """An empty folder to fill; it becomes `target` when the block ends, and is gone when the block raises.

    An old folder at `target` is replaced, and stays as it is when the block raises: on Linux a reader finds the old one
    or the new one at any moment, also when this process is killed. Without `replace`, raises `FileExistsError` where
    there is one when the block ends.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(target)
    temporary.mkdir()
    try:
        yield temporary
        try:
            _move(temporary, target)
        except FileExistsError:
            if not replace:
                raise
            _exchange(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _move(new: Path, target: Path) -> None:
    """A rename, which the system itself refuses where something is already there: of two writers one is first."""
    try:
        os.rename(new, target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        raise


def _exchange(new: Path, target: Path) -> None:
    """Both folders change names at once; where the system or its disk cannot, one after the other."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)  # Linux
    if renameat2 and renameat2(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(target), _RENAME_EXCHANGE) == 0:
        return
    failure = ctypes.get_errno() if renameat2 else errno.ENOSYS
    if failure not in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        raise OSError(failure, os.strerror(failure), str(target))
    old = _beside(target)
    target.replace(old)
    try:
        new.replace(target)
    except OSError:
        old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _beside(path: Path) -> Path:
    """A hidden name that nobody else uses, on the same disk."""
    return path.with_name(f".{path.name}.{uuid4().hex}")
