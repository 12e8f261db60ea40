"""An unexpected end in one sentence: what happened, and what to change. The traceback is in the log."""

import errno
from collections.abc import Iterator, Mapping

from wildcam.counting import counted

_OUT_OF_MEMORY = ("OutOfMemoryError", "ResourceExhaustedError")  # torch's, TensorFlow's
_OUT_OF_MEMORY_WORDS = ("out of memory", "can't allocate memory", "failed to allocate", "bad_alloc", "alloc_failed")
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DISK_FULL_WORDS = ("no space left on device", "disk is full", "disk quota exceeded", "file too large")
_DISK_BROKEN_WORDS = (
    "disk i/o error",
    "pytorchstreamwriter failed writing",
)  # SQLite, torch: nearly always a full disk
_READ_ONLY_WORDS = ("attempt to write a readonly database", "unable to open database file")
_DAMAGED_WORDS = ("database disk image is malformed", "file is not a database", "no such table")
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)


def explain(error: BaseException, params: Mapping[str, str] | None = None) -> str:
    """One sentence on an unexpected end; `params` of the run, for what to change."""
    errors = list(_chain(error))
    if any(_is_disk_full(one) for one in errors):
        return "The disk is full: free some space, then resume."
    if is_out_of_memory(error):
        return _out_of_memory(params or {})
    for one in errors:
        if isinstance(one, OSError) and one.errno in _NOT_ALLOWED:
            return (
                f"No permission to use {one.filename or 'a file'}: give this user the right to write it, then resume."
            )
    if any(_says(one, _READ_ONLY_WORDS) for one in errors):
        return "No permission to write the run's database: give this user the right to write it, then resume."
    if any(_says(one, _DISK_BROKEN_WORDS) for one in errors):
        return "The disk refused to write, full or failing: free some space or check it, then resume."
    if any(_says(one, _DAMAGED_WORDS) for one in errors):
        return "The runs' database mlflow.db is damaged: `wildcam doctor --mend` puts a daily copy in its place."
    text = str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {text}"[:500] if text else type(error).__name__


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of Python, torch or TensorFlow says that memory ran out, a GPU's or the machine's."""
    return any(
        isinstance(one, MemoryError) or type(one).__name__ in _OUT_OF_MEMORY or _says(one, _OUT_OF_MEMORY_WORDS)
        for one in _chain(error)
    )


def _out_of_memory(params: Mapping[str, str]) -> str:
    batch_size = params.get("batch_size", "")
    if batch_size.isdecimal() and int(batch_size) > 1:
        return (
            f"Out of memory at {counted(int(batch_size), 'photo')} a batch: start it again with a batch size of "
            f"{int(batch_size) // 2}, or with a smaller image size."
        )
    return "Out of memory: choose a smaller batch or image size."


def _is_disk_full(error: BaseException) -> bool:
    return (isinstance(error, OSError) and error.errno in _DISK_FULL) or _says(error, _DISK_FULL_WORDS)


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    text = str(error).lower()
    return any(word in text for word in words)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
