"""Hidden copies that a killed process left while it wrote (`wildcam.atomic`)."""

import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from wildcam.settings import Settings

LEFTOVER = re.compile(r"\.(.+)\.[0-9a-f]{32}")
"""The hidden name of what is being written, beside the place where it goes."""

WHOLE = ("dataset.json", "model.json")
"""Written last into the folder of a data set or model: with it the folder is whole."""


def leftovers(settings: Settings, older_than_seconds: float) -> Iterator[Path]:
    """Those that nobody has changed for so long. Of a folder and what is in it the folder alone."""
    found: list[Path] = []
    for parent, folders, files in os.walk(settings.home):
        found += (Path(parent, name) for name in (*folders, *files) if LEFTOVER.fullmatch(name))
        folders[:] = (name for name in folders if not LEFTOVER.fullmatch(name))
    yield from sorted(unchanged_since(found, time.time() - older_than_seconds))


def unchanged_since(paths: Iterable[Path], moment: float) -> Iterator[Path]:
    """Those changed last at `moment` (in seconds since 1970) or before; what somebody took away meanwhile is not."""
    for path in paths:
        with suppress(FileNotFoundError):
            if path.lstat().st_mtime <= moment:
                yield path


def target_of(leftover: Path) -> Path:
    """Where it was to go."""
    found = LEFTOVER.fullmatch(leftover.name)
    assert found is not None
    return leftover.with_name(found[1])


def is_only_copy(leftover: Path) -> bool:
    """Whether it is a whole folder whose place is empty: moved aside by a process that was then killed."""
    return not target_of(leftover).exists() and any((leftover / last).exists() for last in WHOLE)
