"""What a backup holds: a line for each file, added when it is copied, so that a backup that ended early goes on."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from wildcam import atomic
from wildcam.errors import DataError

MANIFEST, FILES_FOLDER = "manifest.jsonl", "files"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Entry:
    """A file of the home as it was copied."""

    path: str  # relative to the home, with slashes
    size: int
    changed_ns: int  # when the source was changed, ns since 1970
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All files, and the home that they are of. `is_complete`: the backup came to its end."""

    home: str
    entries: dict[str, Entry]
    is_complete: bool

    def write(self, folder: Path) -> None:
        """Replace the manifest of a backup."""
        lines = [{"home": self.home, "version": version("wildcam"), "complete": self.is_complete}]
        lines += [asdict(entry) for entry in self.entries.values()]
        atomic.write_bytes(folder / MANIFEST, "".join(f"{json.dumps(line)}\n" for line in lines).encode())


def add_entry(folder: Path, entry: Entry) -> None:
    """Add a file to a manifest that is being made."""
    with (folder / MANIFEST).open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(asdict(entry))}\n")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a backup; None where the folder has none. Raises `DataError` for a damaged one."""
    try:
        first, *lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
        head = json.loads(first)
        entries: dict[str, Entry] = {}
        for line in lines:
            with suppress(ValueError, TypeError):  # the last line of a copy that was killed
                entry = Entry(**json.loads(line))
                entries[entry.path] = entry
        return Manifest(head["home"], entries, head["complete"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{folder / MANIFEST} cannot be read: it is not a backup, or damaged.") from error


def hash_of(path: Path) -> str:
    """SHA-256 of a file's content."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
