"""Add data: photos from the browser: a folder, files or ZIPs."""

import streamlit as st

from pages.add.files import MOST_UPLOAD_MB, TYPES, SourceFile, forget_params
from pages.widgets.pack_uploads import pack_uploads
from wildcam.data.photo_uploads import PhotoUpload, stage_photos, uploaded_name
from wildcam.data.photo_walk import IMAGE_SUFFIXES
from wildcam.runs.quota import check_disk
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

PHOTO_TYPES = [*(suffix.removeprefix(".") for suffix in IMAGE_SUFFIXES), *TYPES]


def choose_uploaded_folder() -> SourceFile | None:
    """Draw the uploader of a folder; None while there is none. Raises `DataError` for a ZIP that cannot be used,
    `QuotaExceeded`.
    """
    pack_uploads()
    return _staged(
        st.file_uploader(
            "Folder of photos",
            PHOTO_TYPES,
            accept_multiple_files="directory",
            key="add_folder",
            max_upload_size=MOST_UPLOAD_MB,
            on_change=forget_params,
            args=(("format",),),
            help="With its folders, which may stand for species, locations or dates, and the tables beside the photos. "
            "They are copied to the computer that runs WildCam.",
        )
    )


def choose_uploaded_photos() -> SourceFile | None:
    """As `choose_uploaded_folder`, for files."""
    pack_uploads()
    return _staged(
        st.file_uploader(
            "Photos or ZIPs",
            PHOTO_TYPES,
            accept_multiple_files=True,
            key="add_photos",
            max_upload_size=MOST_UPLOAD_MB,
            on_change=forget_params,
            args=(("format",),),
            help="A ZIP is unpacked, its folders stay. Of several ZIPs each becomes a folder of its name.",
        )
    )


def _staged(files: list[st.typing.UploadedFile]) -> SourceFile | None:
    if not files:
        return None
    uploads = [PhotoUpload(file.file_id, file.name, file) for file in files]
    size = sum(file.size for file in files)
    check_disk(RunStore(load_settings()), size)
    folder = stage_photos(load_settings().home, uploads)
    return SourceFile(folder, uploaded_name(uploads), (size, len(files)), folder, with_photos=True)
