"""Uploaded files: previewed in a temporary folder, then kept with the catalog.

`uploads/.previews/<digest>/` has files of previews, `uploads/<data set>/` those that a data set was read from.
"""

import hashlib
import os
import shutil
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from uuid import uuid4

from wildcam import atomic
from wildcam.data.catalog import check_name
from wildcam.data.importers.packed import extract_member, is_zip, open_zip
from wildcam.data.importers.recognise import recognise
from wildcam.data.passed_over import reason_for_path
from wildcam.errors import DataError

UPLOADS = "uploads"
PREVIEWS = ".previews"
METADATA_SUFFIXES = (".json", ".csv", ".tsv", ".txt")
MOST_PREVIEWS = 12
MOST_PREVIEW_BYTES = 4 * 1024**3
MOST_PREVIEW_SECONDS = 24 * 3600
MOST_UNPACKED_BYTES = 2 * 1024**3
"""What the metadata of one zip may unpack to."""

MOST_NAME_BYTES = 200
"""File systems take 255; the rest is for the names of temporary files."""

UNSAFE_CHARACTERS = frozenset('/\\<>:"|?*')
"""Separators, and what Windows refuses."""


def safe_name(name: str) -> str:
    """A file name that stays in its folder: no separators, not hidden, not empty, not too long; any script."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1])
    printable = (character for character in name if unicodedata.category(character)[0] != "C")
    name = "".join("_" if character in UNSAFE_CHARACTERS else character for character in printable)
    path = PurePosixPath(name.strip().lstrip(". ") or "upload")
    room = MOST_NAME_BYTES - len(path.suffix.encode())
    if room < 1:  # the name is nothing but a suffix
        return _cut(path.name, MOST_NAME_BYTES)
    return (_cut(path.stem, room) or "upload") + path.suffix


def free_name(name: str, taken: set[str]) -> str:
    """The name, numbered where it is taken."""
    path, number = PurePosixPath(name), 2
    while name in taken:
        name = f"{path.stem}-{number}{path.suffix}"
        number += 1
    return name


def stage(home: Path, upload: str, name: str, content: bytes | memoryview) -> list[Path]:
    """Store an upload for a preview: the file itself, or the metadata files of a zip that is not a source.

    An upload that is already there is not written again. Old ones are removed. Raises `DataError` for a zip that cannot
    be used.
    """

    def fill(folder: Path) -> None:
        file = folder / safe_name(name)
        file.write_bytes(content)
        if is_zip(bytes(content[:4])) and not _is_source(file):
            _unpack(file, name)

    return sorted(staged(home, upload, fill).iterdir())


def staged(home: Path, upload: str, fill: Callable[[Path], None]) -> Path:
    """The temporary folder of an upload; `fill` writes its files where it is new, complete or not at all."""
    folder = home / UPLOADS / PREVIEWS / hashlib.sha256(upload.encode()).hexdigest()[:24]
    if not folder.exists():
        with atomic.new_folder(folder) as new:
            fill(new)
        _trim(folder)
    os.utime(folder)
    return folder


def delete_uploads(home: Path, name: str) -> None:
    """Remove what a data set of that name was uploaded from."""
    check_name(name)
    shutil.rmtree(home / UPLOADS / name, ignore_errors=True)


def count_uploaded(home: Path, name: str) -> int:
    """How many files a data set of that name was uploaded with."""
    check_name(name)
    return sum(path.is_file() for path in (home / UPLOADS / name).rglob("*"))


def folder_bytes(folder: Path) -> int:
    """What lies in a folder, links not followed; files that are gone in the meantime, and a folder that is, count 0."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(parent, name)).st_size
    return total


@contextmanager
def kept(home: Path, name: str, folders: Sequence[Path]) -> Iterator[dict[Path, Path]]:
    """Staged folders as one folder of the data set: where each file, and the first folder, lies now.

    They stay when the block ends. When it raises they are gone, and what lay there before is back. Without folders
    nothing happens.
    """
    check_name(name)
    if not folders:
        yield {}
        return
    target = home / UPLOADS / name
    new, old = (target.with_name(f".{name}.{uuid4().hex}") for _ in range(2))
    new.mkdir(parents=True)
    try:
        names = _gather(folders, new)
        if target.exists():
            target.replace(old)
        new.replace(target)
        yield {source: target / name for source, name in names.items()} | dict.fromkeys(folders[:1], target)
    except BaseException:
        shutil.rmtree(target if not new.exists() else new, ignore_errors=True)
        if old.exists():
            old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _gather(folders: Sequence[Path], target: Path) -> dict[Path, str]:
    """All that lies in the folders in one, and its name there; of two with one name the second is numbered."""
    names: dict[Path, str] = {}
    for source in (entry for folder in folders for entry in sorted(folder.iterdir())):
        names[source] = free_name(source.name, set(names.values()))
        if source.is_dir():
            shutil.copytree(source, target / names[source], copy_function=_link)
        else:
            _link(source, target / names[source])
    return names


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)


def _is_source(archive: Path) -> bool:
    """Whether an importer reads the zip as it is."""
    try:
        return bool(recognise(archive))
    except DataError:
        return False


def _unpack(file: Path, name: str) -> None:
    """Replace a zip by its JSON and CSV files, without their folders. Images in it are skipped."""
    packed = file.rename(file.with_name(".packed"))  # no upload is called so
    left, taken = MOST_UNPACKED_BYTES, set[str]()
    with open_zip(packed, name) as archive:
        for member in filter(_is_metadata, archive.infolist()):
            target = file.with_name(free_name(safe_name(member.filename), taken))
            taken.add(target.name)
            left -= extract_member(archive, member, name, target, left)
            if left < 0:
                raise DataError(
                    f"{name} unpacks to more than {MOST_UNPACKED_BYTES / 1024**3:g} GB: unpack it on the computer "
                    "that runs WildCam, and enter the path."
                )
    packed.unlink()
    if not taken:
        raise DataError(f"{name} has no metadata file: expected a zip with a JSON or CSV file in it.")


def _is_metadata(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    if not member.filename or member.is_dir() or ".." in path.parts or reason_for_path(member.filename):
        return False
    return path.suffix.lower() in METADATA_SUFFIXES


def _cut(text: str, most_bytes: int) -> str:
    """The beginning of a text that fits, whole characters only."""
    return text.encode()[:most_bytes].decode(errors="ignore").rstrip()


def _trim(current: Path) -> None:
    """Remove previews that are old, or more than may lie there; never the current one."""
    ages: list[tuple[float, Path]] = []
    for folder in current.parent.iterdir():
        if folder != current:
            try:
                ages.append((folder.stat().st_mtime, folder))
            except FileNotFoundError:  # another session was quicker
                continue
    oldest = time.time() - MOST_PREVIEW_SECONDS
    used = folder_bytes(current)
    for rank, (touched, folder) in enumerate(sorted(ages, reverse=True), start=1):
        used += folder_bytes(folder)
        if touched < oldest or rank >= MOST_PREVIEWS or used > MOST_PREVIEW_BYTES:
            shutil.rmtree(folder, ignore_errors=True)
