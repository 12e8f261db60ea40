"""Uploads of a browser: images, and ZIPs whose members are read in memory."""

import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from wildcam.data.importers.packed import (
    UNREADABLE,
    UPLOAD_COMMENT,
    is_zip,
    not_opened,
    other_archive,
    unpacked_elsewhere,
)
from wildcam.data.passed_over import PassedOver, reason_for_file, reason_for_path
from wildcam.errors import ImageError

MOST_IMAGE_BYTES = 64 * 1024**2
"""A larger file, or member of a ZIP, is refused before it is read."""

HEAD_BYTES = 512
"""What tells an archive."""

MOST_IMAGES = 10_000
LONGEST_NAME = 160

NO_IMAGE = {
    **dict.fromkeys(
        (".heic", ".heif"), "is a HEIC photo: export it as JPEG, or set the phone's camera to “Most Compatible”."
    ),
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar"), "is an archive: unpack it first, then choose the photos."),
}
"""Advice on files that are not in `images.FORMATS`, by the suffix of their name."""

NO_PHOTO: Mapping[PassedOver | None, str] = {
    PassedOver.RAW: "is a raw photo: export it as JPEG with the camera maker's program.",
    PassedOver.VIDEO: "is a video: save some of its frames as JPEG.",
}
"""Advice on the others, by the rule for names of files."""

NOBODYS = "was passed over: expected photos, received hidden files, backups, thumbnails or deleted photos alone."

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heif")


@dataclass(frozen=True)
class UploadedFile:
    """One uploaded image. `read` gives its content; `failure` is the reason where there is none."""

    name: str
    folder: str  # of an uploaded folder, or in a ZIP with the name of the ZIP first; "" for a single file
    read: Callable[[], bytes]
    failure: str = ""

    def content(self) -> bytes:
        """Raises `ImageError` with one sentence."""
        if self.failure:
            raise ImageError(self.failure)
        return self.read()


def read_uploads(
    uploads: Iterable[tuple[str, BinaryIO]], passed_over: Counter[PassedOver] | None = None
) -> list[UploadedFile]:
    """Every image of the uploads (name and seekable content), in their order; a file of another kind has a `failure`.

    `passed_over` counts the files that are nobody's photos.

    Nothing is written anywhere, nothing is unpacked before it is read, and a member of a ZIP never takes more
    memory than `MOST_IMAGE_BYTES`, whatever its header says.
    """
    found: list[UploadedFile] = []
    passed_over = Counter() if passed_over is None else passed_over
    name = ""
    for name, file in uploads:
        for image in _of_upload(name, file, passed_over):
            if len(found) == MOST_IMAGES:
                sentence = (
                    f"Received more than {MOST_IMAGES:,} photos, and only the first {MOST_IMAGES:,} are classified: "
                    "for more, put them into a folder on the server and start a batch."
                )
                return [*found, _failed(image.name, image.folder, sentence)]
            found.append(image)
    if name and not found:
        return [_failed(presentable(name), "", f"{presentable(name)} {NOBODYS}")]
    return found


def presentable(name: str) -> str:
    """The last part of a file's name, printable and of bounded length: for display only, never as a path."""
    last = PurePosixPath(name.replace("\\", "/")).name or "unnamed"
    shown = "".join(letter if letter.isprintable() else "�" for letter in last)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 8]}…{shown[-7:]}"


def _of_upload(path: str, file: BinaryIO, passed_over: Counter[PassedOver]) -> Iterator[UploadedFile]:
    """`path`: the file's name, with the folders before it of an uploaded folder."""
    name = presentable(path)
    if reason := _reason(path):
        passed_over[reason] += 1
        return
    head = _head(file)
    if sentence := other_archive(head, name):
        yield _failed(name, "/".join(_folders(path)), sentence)
        return
    if not is_zip(head) and _suffix(name) != ".zip":
        yield _image(name, "/".join(_folders(path)), _size(file), partial(_whole, file))
        return
    try:
        archive = zipfile.ZipFile(file)
        inside = [member for member in archive.infolist() if not member.is_dir()]
        together = archive.comment == UPLOAD_COMMENT  # files that were chosen one by one
        reasons = [_reason(member.filename) if together else reason_for_path(member.filename) for member in inside]
    except UNREADABLE as error:
        yield _failed(name, "", not_opened(error, name))
        return
    passed_over.update(filter(None, reasons))
    members = [member for member, reason in zip(inside, reasons, strict=True) if reason is None]
    if not members:
        yield _failed(name, "", f"{name} {NOBODYS if inside else 'is an empty ZIP: expected photos in it.'}")
    for member in members:
        yield _of_member("" if together else name, archive, member)


def _reason(path: str) -> PassedOver | None:
    """Why a chosen file is nobody's photo; the folder that was chosen may have any name."""
    return reason_for_path(path.partition("/")[2] or path)


def _of_member(zip_name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> UploadedFile:
    name = presentable(member.filename)
    folder = "/".join([*filter(None, [zip_name]), *_folders(member.filename)])
    if sentence := unpacked_elsewhere(member, name):
        return _failed(name, folder, sentence)
    if stat.S_ISLNK(member.external_attr >> 16):
        return _failed(name, folder, f"{name} is a symbolic link, not a photo.")
    return _image(name, folder, member.file_size, partial(_member, archive, member, name))


def _image(name: str, folder: str, size: int, read: Callable[[], bytes]) -> UploadedFile:
    if reason := NO_IMAGE.get(_suffix(name)) or NO_PHOTO.get(reason_for_file(name)):
        return _failed(name, folder, f"{name} {reason}")
    if size > MOST_IMAGE_BYTES:
        return _failed(name, folder, _too_large(name))
    return UploadedFile(name, folder, partial(_known, name, read))


def _known(name: str, read: Callable[[], bytes]) -> bytes:
    """The content, unless it is a HEIC photo with the name of another format."""
    content = read()
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise ImageError(f"{name} {NO_IMAGE['.heic']}")
    return content


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    """No more is unpacked than one byte beyond the limit."""
    try:
        with archive.open(member) as file:
            content = file.read(MOST_IMAGE_BYTES + 1)
    except Exception as error:  # what a damaged stream makes the decompressors raise has no end
        raise ImageError(f"{name} cannot be unpacked ({error or type(error).__name__}): make the ZIP again.") from error
    if len(content) > MOST_IMAGE_BYTES:
        raise ImageError(_too_large(name))
    return content


def _failed(name: str, folder: str, sentence: str) -> UploadedFile:
    return UploadedFile(name, folder, bytes, sentence)


def _too_large(name: str) -> str:
    return f"{name} has more than {MOST_IMAGE_BYTES // 1024**2} MB: save a smaller copy."


def _folders(path: str) -> list[str]:
    """The folders of a member, without parts that lead out of the archive."""
    parts = PurePosixPath(path.replace("\\", "/")).parts[:-1]
    return [presentable(part) for part in parts if part not in ("/", "..", ".") and not part.endswith(":")]


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(HEAD_BYTES)
