"""Hidden copies that a killed process left while it wrote (`wildcam.atomic`)."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

from wildcam.settings import Settings

LEFTOVER = re.compile(r"\.(.+)\.[0-9a-f]{32}")
"""The hidden name of what is being written, beside the place where it goes."""

WHOLE = ("dataset.json", "model.json")
"""Written last into the folder of a data set or model: with it the folder is whole."""


def leftovers(settings: Settings, older_than_seconds: float) -> Iterator[Path]:
    """Those that nobody has changed for so long. Of a folder and what is in it the folder alone."""
    old = time.time() - older_than_seconds
    found: list[Path] = []
    for path in sorted(settings.home.rglob(".*")):
        within = any(path.is_relative_to(one) for one in found)
        if not within and LEFTOVER.fullmatch(path.name) and path.lstat().st_mtime <= old:
            found.append(path)
    yield from found


def target_of(leftover: Path) -> Path:
    """Where it was to go."""
    found = LEFTOVER.fullmatch(leftover.name)
    assert found is not None
    return leftover.with_name(found[1])


def is_only_copy(leftover: Path) -> bool:
    """Whether it is a whole folder whose place is empty: moved aside by a process that was then killed."""
    return not target_of(leftover).exists() and any((leftover / last).exists() for last in WHOLE)
