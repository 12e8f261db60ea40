"""A disk that is full or must not be written: known by what a library makes of it, said in one sentence."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from wildcam.errors import DiskError, WildcamError

LEAST_FREE = 1_000_000
"""Bytes; with less a database, a photo and a table no longer fit, and the disk counts as full."""

WHAT_STAYS = "Nothing that was stored is lost, and all of it can be read."

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = ("no space left on device", "disk is full", "disk quota exceeded", "file too large")
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
_NOT_ALLOWED_WORDS = ("attempt to write a readonly database", "unable to open database file", "read-only file system")
_FAILING_WORDS = ("disk i/o error", "pytorchstreamwriter failed writing")  # SQLite, torch: nearly always a full disk


class Refusal(Enum):
    """Why a disk did not write."""

    FULL = 1
    NOT_ALLOWED = 2
    FAILING = 3


def refusal_of(error: BaseException) -> Refusal | None:
    """What a disk refused, by an error or by what led to it; None where it is about something else."""
    errors = list(causes(error))
    if any(_is(one, _FULL, _FULL_WORDS) for one in errors):
        return Refusal.FULL
    if any(_is(one, _NOT_ALLOWED, _NOT_ALLOWED_WORDS) for one in errors):
        return Refusal.NOT_ALLOWED
    return Refusal.FAILING if any(_is(one, (), _FAILING_WORDS) for one in errors) else None


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@contextmanager
def refusals_named(home: Path) -> Iterator[None]:
    """Do what a user asks for within the block. Raises `DiskError` where a disk refuses; other errors pass."""
    try:
        yield
    except WildcamError:
        raise
    except Exception as error:  # pandas, Arrow, SQLite and MLflow each have their own
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise DiskError(obstacle_of(home) or _sentence(refusal, _file_of(error) or home)) from error


def obstacle_of(home: Path) -> str:
    """Why a home cannot be written now, on which disk, and what still works; "" where it can."""
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    if shutil.disk_usage(existing).free < LEAST_FREE:
        return _sentence(Refusal.FULL, home)
    if os.access(existing, os.W_OK):
        return ""
    return (
        f"{home} cannot be written: its disk is read only, or this user has no right to. {WHAT_STAYS} Make it "
        "writable, then try again."
    )


def _sentence(refusal: Refusal, path: Path) -> str:
    if refusal is Refusal.FULL:
        return (
            f"The disk of {path} is full: nothing new can be stored. {WHAT_STAYS} `wildcam disk` says what takes it: "
            "free some space, then try again."
        )
    if refusal is Refusal.NOT_ALLOWED:
        return f"{path} cannot be used: this user has no right to it. Give it that right, then try again."
    return f"The disk of {path} refused, full or failing. {WHAT_STAYS} Free some space or check it, then try again."


def _file_of(error: BaseException) -> Path | None:
    """The file that was refused, where the error names one."""
    named = (one.filename for one in causes(error) if isinstance(one, OSError) and isinstance(one.filename, str))
    return next(map(Path, named), None)


def _is(error: BaseException, numbers: tuple[int, ...], words: tuple[str, ...]) -> bool:
    text = str(error).lower()
    return (isinstance(error, OSError) and error.errno in numbers) or any(word in text for word in words)
