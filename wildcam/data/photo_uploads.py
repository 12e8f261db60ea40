"""Uploaded photos: written to a folder as they lay in the browser's, so that an importer sees their folders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import BinaryIO

from wildcam.data.importers.packed import UPLOAD_COMMENT, extract_member, is_zip, open_zip
from wildcam.data.passed_over import reason_for_path
from wildcam.data.uploads import free_name, safe_name, staged
from wildcam.errors import DataError

MOST_BYTES = 8 * 1024**3
"""What the files of one upload may take on the disk, unpacked."""


@dataclass(frozen=True)
class PhotoUpload:
    """A file of a browser: a photo, a ZIP of photos or a table beside them."""

    id: str
    name: str  # with the folders before it, the chosen one first, where a folder was chosen
    file: BinaryIO


@dataclass
class _Folder:
    """A folder that is filled. No file replaces another, and none lies outside."""

    root: Path
    left: int
    taken: dict[Path, set[str]] = field(default_factory=dict)

    def place(self, path: str) -> Path:
        """A free place for the file of that path; its folders are made."""
        *folders, name = _safe_parts(path)
        parent = self.root.joinpath(*folders)
        parent.mkdir(parents=True, exist_ok=True)
        taken = self.taken.setdefault(parent, set())
        taken.add(free := free_name(name, taken))
        return parent / free

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise DataError(
                f"The upload has more than {MOST_BYTES / 1024**3:g} GB of files: expected less. Copy them to the "
                "computer that runs WildCam, and enter the path of their folder."
            )


def stage_photos(home: Path, uploads: Sequence[PhotoUpload]) -> Path:
    """A temporary folder with the files of the uploads, relative paths kept; ZIPs are unpacked.

    A chosen folder, and a ZIP that is alone, are the folder itself; of several ZIPs each is a folder in it, by its
    name. A ZIP of a folder of its own name, with folders in it, is that folder. An upload that is already there is not
    written again.

    Raises `DataError` for a ZIP that cannot be used, and for uploads that take too much.
    """

    def fill(root: Path) -> None:
        folder = _Folder(root, MOST_BYTES)
        alone = len(uploads) == 1
        for upload in uploads:
            if is_zip(_head(upload.file)):
                _unpack(upload, folder, "" if alone else f"{PurePosixPath(upload.name).stem}/")
            else:
                _write(upload, folder)

    return staged(home, "\n".join(upload.id for upload in uploads), fill)


def uploaded_name(uploads: Sequence[PhotoUpload]) -> str:
    """What its owner calls the upload: the chosen folder, or the first file without its ending."""
    first = PurePosixPath(uploads[0].name)
    return first.parts[0] if len(first.parts) > 1 else first.stem


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    return head


def _write(upload: PhotoUpload, folder: _Folder) -> None:
    folder.spend(upload.file.seek(0, 2))
    upload.file.seek(0)
    with folder.place(_below_the_chosen(upload.name)).open("wb") as file:
        copyfileobj(upload.file, file)


def _unpack(upload: PhotoUpload, folder: _Folder, above: str) -> None:
    name = PurePosixPath(upload.name).name
    with open_zip(upload.file, name) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        packed = _packed_folder([member.filename for member in members], PurePosixPath(name).stem)
        for member in members:
            if archive.comment == UPLOAD_COMMENT:
                target = folder.place(_below_the_chosen(member.filename))
            else:
                target = folder.place(above + member.filename.removeprefix(packed))
            folder.spend(extract_member(archive, member, name, target, folder.left))


def _packed_folder(paths: Sequence[str], stem: str) -> str:
    """The folder that a whole ZIP is the copy of, with its `/`: it is called so, and holds other folders."""
    own = [path for path in paths if not reason_for_path(path)]
    around = f"{stem}/"
    is_copy = all(path.startswith(around) for path in own) and any(path.count("/") > 1 for path in own)
    return around if is_copy else ""


def _below_the_chosen(path: str) -> str:
    """The path in the chosen folder: its own name says nothing of its photos."""
    return path.partition("/")[2] or path


def _safe_parts(path: str) -> list[str]:
    """The parts of a path, none of which leads out; a hidden one stays hidden."""
    return list(_safe(PurePosixPath(path.replace("\\", "/")).parts)) or [safe_name("")]


def _safe(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        if part.strip("./"):
            yield "." * part.startswith(".") + safe_name(part)
