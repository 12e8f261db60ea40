"""Which files and folders are nobody's photos: recycle bins, thumbnails, what systems and programs hide, WildCam's own.

The one rule for folders on a disk, archives and uploads. Only names below the folder that a user named count: who names
a recycle bin itself wants what is in it.
"""

import re
from collections.abc import Iterable

from wildcam.choice import Choice

EXPORT_MARK = ".wildcam-export"
"""An empty file that marks a folder which WildCam has written."""

HOME_FILES = frozenset(("mlflow.db", "datasets"))
"""What a folder holds that is WildCam's home."""


class PassedOver(Choice):
    """Why a file is no photo of the user's."""

    DELETED = "deleted", "photo in a recycle bin or a folder of deleted files"
    THUMBNAIL = "thumbnail", "thumbnail or cached copy that another program made"
    HIDDEN = "hidden", "hidden photo, or one in a folder of the operating system"
    EXPORT = "export", "photo in a folder that WildCam exported"
    HOME = "home", "photo in WildCam's own home"
    BACKUP = "backup", "backup copy or unfinished download"
    LINK = "link", "link to a folder: not followed"
    SPECIAL = "special", "pipe, socket or device: never opened"
    VIDEO = "video", "video: only photos are read"
    RAW = "raw", "raw or HEIC photo: export it as JPEG to use it"
    OTHER = "other", "file that ends as no photo does"

    @property
    def advice(self) -> str:
        """The remark's words: what it is, and that it does not come in."""
        return f"{self.display}, passed over" if ":" in self.display else f"{self.display}: passed over"


VIDEO_NAME = r".*\.(?:mp4|m4v|avi|mov|mpe?g|mkv|webm|wmv|3gp|mts|m2ts|asf|flv)"
"""The whole name of a video, in any case."""

_FOLDER_NAMES = {
    PassedOver.DELETED: (
        r"\$recycle\.bin|recycle(?:r|d|[ _]bin)|\.?trash(?:es|-\d+)?|[#@]recycle|\.recycle|\.dtrash|deleted ?files|"
        r"network trash folder|lost\+found|lost\.dir|found\.\d{3}|papierkorb|corbeille|papelera"
    ),
    PassedOver.THUMBNAIL: (
        r"@eadir|\.@__thumb|[._]?thumb(?:nail)?s?|ipod photo cache|.*\.lrdata|\.picasaoriginals|\.xvpics|cache"
    ),
    PassedOver.HIDDEN: (
        r"__macosx|system volume information|\$\w.*|@tmp|@syno\w+|[#@](?:recently-)?snapshots?|temporary items|"
        r"android_secure|\..+"
    ),
}
"""By the whole name, in any case; the first that fits."""

_FILE_NAMES = {
    PassedOver.HIDDEN: r"\..*|thumbs\.db|ehthumbs\w*\.db|desktop\.ini|icon\r",
    PassedOver.THUMBNAIL: r"synophoto_\w+\.\w+",
    PassedOver.BACKUP: r".*(?:_original|~|\.(?:bak|tmp|part|partial|crdownload|download|old|orig))",
    PassedOver.VIDEO: VIDEO_NAME,
    PassedOver.RAW: r".*\.(?:cr2|cr3|crw|nef|nrw|arw|srf|sr2|dng|orf|rw2|raf|pef|srw|x3f|heic|heif|hif|avif)",
}


def reason_for_folder(name: str) -> PassedOver | None:
    """Why a folder of this name holds nobody's photos; None where it does not."""
    return _first(_FOLDER_NAMES, name)


def reason_for_file(name: str) -> PassedOver | None:
    """Why a file of this name is no photo, whatever its ending says; None where it may be one."""
    return _first(_FILE_NAMES, name)


def reason_for_path(path: str) -> PassedOver | None:
    """Why a member of an archive, or a file of an upload, is nobody's photo; None where it is somebody's file, though
    it may be no photo.
    """
    *folders, name = path.replace("\\", "/").split("/")
    above = (reason_for_folder(folder) for folder in folders if folder.strip("."))
    reason = next(filter(None, above), None) or reason_for_file(name)
    return None if reason in (PassedOver.VIDEO, PassedOver.RAW) else reason


def reason_by_content(names: Iterable[str]) -> PassedOver | None:
    """Why a folder that holds files and folders of these names is WildCam's own; None where it is not."""
    known = set(names)
    if EXPORT_MARK in known:
        return PassedOver.EXPORT
    return PassedOver.HOME if known >= HOME_FILES else None


def _first(patterns: dict[PassedOver, str], name: str) -> PassedOver | None:
    fitting = (reason for reason, pattern in patterns.items() if re.fullmatch(pattern, name, re.IGNORECASE | re.DOTALL))
    return next(fitting, None)
