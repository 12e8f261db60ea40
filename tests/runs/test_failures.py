import errno

import pytest
from mlflow.exceptions import MlflowException

from wildcam.runs.failures import explain

FULL = "The disk is full: free some space, then resume."


class OutOfMemoryError(RuntimeError):
    """Named as torch's."""


class ResourceExhaustedError(Exception):
    """Named as TensorFlow's, which it raises for a full disk, too."""


class _ArrayMemoryError(MemoryError):
    """Named as NumPy's."""


def caused(error, by):
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "Out of memory: choose a smaller batch or image size."),
        (_ArrayMemoryError("Unable to allocate 9 GiB"), "Out of memory: choose a smaller batch or image size."),
        (OutOfMemoryError("CUDA"), "Out of memory: choose a smaller batch or image size."),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:83] DefaultCPUAllocator: can't allocate memory"),
            "Out of memory: choose a smaller batch or image size.",
        ),
        (OSError(errno.ENOSPC, "No space left"), FULL),
        (OSError("Unable to write (file write failed: errno = 28, error message = 'No space left on device')"), FULL),
        (ResourceExhaustedError("model.keras; No space left on device"), FULL),
        (caused(RuntimeError("it failed"), OSError(errno.EDQUOT, "Quota exceeded")), FULL),
        (MlflowException("(sqlite3.OperationalError) database or disk is full [SQL: INSERT]"), FULL),
        (
            PermissionError(errno.EACCES, "Permission denied", "/data/runs/weights.npz"),
            "No permission to use /data/runs/weights.npz: give this user the right to write it, then resume.",
        ),
        (
            MlflowException("(sqlite3.OperationalError) attempt to write a readonly database"),
            "No permission to write the run's database: give this user the right to write it, then resume.",
        ),
        (
            MlflowException("(sqlite3.OperationalError) disk I/O error"),
            "The disk refused to write, full or failing: free some space or check it, then resume.",
        ),
        (ValueError("first line\nsecond line"), "ValueError: first line"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
    ],
)
def test_an_unexpected_end_is_explained_in_one_sentence(error, sentence):
    assert explain(error) == sentence


def test_out_of_memory_names_the_batch_size_that_would_probably_fit():
    assert "at 32 photos a batch: start it again with a batch size of 16," in explain(
        OutOfMemoryError("CUDA"), {"batch_size": "32"}
    )
    assert explain(OutOfMemoryError("CUDA"), {"batch_size": "1"}).endswith("a smaller batch or image size.")
