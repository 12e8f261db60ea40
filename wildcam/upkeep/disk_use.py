"""What takes the disk: every file of a home, counted under what it is part of."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from wildcam.choice import Choice
from wildcam.settings import Settings
from wildcam.upkeep.leftovers import LEFTOVER

BLOCK = 512
"""Bytes that `os.stat_result.st_blocks` counts in."""


class Part(Choice):
    """What a file of the home is part of; the titles are what people read."""

    DATASETS = "datasets", "Data sets"
    UPLOADS = "uploads", "Uploaded files"
    CORRECTIONS = "corrections", "Reviews"
    RUNS = "runs", "Runs: logs, results and their models"
    CHECKPOINTS = "checkpoints", "Checkpoints of trainings"
    BATCHES = "batches", "Predictions of batches"
    MODELS = "models", "Promoted models"
    THUMBNAILS = "thumbnails", "Thumbnails"
    PIXELS = "pixels", "Decoded photos"
    FEATURES = "features", "Features of backbones"
    SIMILARITY = "similarity", "Similar photos"
    WEIGHTS = "weights", "Pretrained weights"
    DATABASES = "databases", "Databases and logs"
    COPIES = "copies", "Daily copies of the databases"
    DEMO = "demo", "Drawn photos of the demo"
    LEFTOVERS = "leftovers", "Unfinished copies"
    OTHER = "other", "Anything else"


_FOLDERS = {
    "datasets": Part.DATASETS,
    "uploads": Part.UPLOADS,
    "corrections": Part.CORRECTIONS,
    "runs": Part.RUNS,
    "models": Part.MODELS,
    "copies": Part.COPIES,
    "demo": Part.DEMO,
    "cache/thumbnails": Part.THUMBNAILS,
    "cache/pixels": Part.PIXELS,
    "cache/features": Part.FEATURES,
    "cache/similarity": Part.SIMILARITY,
    "cache/weights": Part.WEIGHTS,
}
_OF_RUNS = {"checkpoint": Part.CHECKPOINTS, "predictions": Part.BATCHES}
_DATABASES = (".db", ".db-wal", ".db-shm", ".jsonl")


@dataclass(frozen=True)
class DiskUse:
    """How much one part takes."""

    part: Part
    files: int
    bytes: int  # on the disk, in whole blocks


def measure(settings: Settings) -> list[DiskUse]:
    """Every part that takes something, the largest first. It looks at each file of the home, and follows no link."""
    counts: dict[Part, list[int]] = {}
    for path, size in files_below(settings.home):
        counted = counts.setdefault(part_of(path.relative_to(settings.home)), [0, 0])
        counted[0] += 1
        counted[1] += size
    uses = [DiskUse(part, files, size) for part, (files, size) in counts.items() if size]
    return sorted(uses, key=lambda use: -use.bytes)


def part_of(path: PurePath) -> Part:
    """What a file is part of, by its path within the home."""
    names = path.parts
    if any(LEFTOVER.fullmatch(name) for name in names):
        return Part.LEFTOVERS
    if names[0] == "runs" and len(names) > 2 and names[2] in _OF_RUNS:
        return _OF_RUNS[names[2]]
    found = _FOLDERS.get("/".join(names[:2])) or (_FOLDERS.get(names[0]) if len(names) > 1 else None)
    return found or (Part.DATABASES if path.suffix in _DATABASES else Part.OTHER)


def files_below(folder: Path) -> Iterator[tuple[Path, int]]:
    """Every file with the bytes that it takes on the disk; what is deleted meanwhile is passed over."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            with suppress(FileNotFoundError):
                yield path, path.lstat().st_blocks * BLOCK


def size_of(path: Path) -> int:
    """Bytes on the disk of a file or a folder; 0 where somebody took it away meanwhile."""
    if path.is_dir():
        return sum(size for _, size in files_below(path))
    with suppress(FileNotFoundError):
        return path.lstat().st_blocks * BLOCK
    return 0
