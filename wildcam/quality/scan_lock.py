"""The lock of a data set's files: one process at a time scans them."""

from pathlib import Path

from wildcam.data.catalog import Dataset


def scan_lock_path(dataset: Dataset) -> Path:
    """Held while a process scans."""
    return dataset.folder / "quality" / "scan.lock"
