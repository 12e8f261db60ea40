"""An unexpected end in one sentence: what happened, and what to change. The traceback is in the log."""

from collections.abc import Mapping

from wildcam.counting import counted
from wildcam.disk import Refusal, causes, refusal_of

_OUT_OF_MEMORY = ("OutOfMemoryError", "ResourceExhaustedError")  # torch's, TensorFlow's
_OUT_OF_MEMORY_WORDS = ("out of memory", "can't allocate memory", "failed to allocate", "bad_alloc", "alloc_failed")
_DAMAGED_WORDS = ("database disk image is malformed", "file is not a database", "no such table")


def explain(error: BaseException, params: Mapping[str, str] | None = None) -> str:
    """One sentence on an unexpected end; `params` of the run, for what to change."""
    errors, refusal = list(causes(error)), refusal_of(error)
    if refusal is Refusal.FULL:
        return "The disk is full: free some space, then resume."
    if is_out_of_memory(error):
        return _out_of_memory(params or {})
    if refusal is Refusal.NOT_ALLOWED:
        use = (f"use {one.filename or 'a file'}" for one in errors if isinstance(one, OSError))
        what = next(use, "write the run's database")
        return f"No permission to {what}: give this user the right to write it, then resume."
    if refusal is Refusal.FAILING:
        return "The disk refused to write, full or failing: free some space or check it, then resume."
    if any(_says(one, _DAMAGED_WORDS) for one in errors):
        return "The runs' database mlflow.db is damaged: `wildcam doctor --mend` puts a daily copy in its place."
    text = str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {text}"[:500] if text else type(error).__name__


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of Python, torch or TensorFlow says that memory ran out, a GPU's or the machine's."""
    return any(
        isinstance(one, MemoryError) or type(one).__name__ in _OUT_OF_MEMORY or _says(one, _OUT_OF_MEMORY_WORDS)
        for one in causes(error)
    )


def _out_of_memory(params: Mapping[str, str]) -> str:
    batch_size = params.get("batch_size", "")
    if batch_size.isdecimal() and int(batch_size) > 1:
        return (
            f"Out of memory at {counted(int(batch_size), 'photo')} a batch: start it again with a batch size of "
            f"{int(batch_size) // 2}, or with a smaller image size."
        )
    return "Out of memory: choose a smaller batch or image size."


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    text = str(error).lower()
    return any(word in text for word in words)
