"""Add data: files apart from the source. Photo folder, iWildCam's test file, a detector's results, labels."""

from dataclasses import dataclass

import streamlit as st

from pages.add.files import SourceFile, choose_path, choose_upload, source_file
from pages.add.source import SourceKind
from pages.widgets.markdown import literal
from wildcam.counting import counted
from wildcam.errors import DataError, WildcamError

FIELDS = {
    "images": (
        "Photo folder",
        "A path on the computer that runs WildCam. If blank, photos are searched for next to the metadata.",
    ),
    "test": ("iWildCam test file", "The second JSON, with the photos without labels."),
    "detector": ("MegaDetector results", "JSON with the boxes of each photo."),
    "ground_truth": ("Ground truth", "CSV with the columns image_id and label, for unlabelled photos."),
}
ONLY_FIGURES = (
    "Figures only, no photos: an upload has metadata alone. If the photos are on the computer that runs WildCam, "
    "enter their folder under *More files*."
)


@dataclass(frozen=True)
class MoreFiles:
    """The files in addition to a source; None where none is given."""

    images: SourceFile | None = None
    test: SourceFile | None = None
    detector: SourceFile | None = None
    ground_truth: SourceFile | None = None
    are_usable: bool = True  # False where one of them cannot be used


def choose_more_files(kind: SourceKind, format: str) -> MoreFiles:
    """Draw the optional files, each with the reason where it cannot be used."""
    chosen: dict[str, SourceFile | None] = {}
    are_usable = True
    if any(st.query_params.get(name) or st.session_state.get(f"add_{name}_upload") for name in FIELDS):
        st.session_state["add_more_files"] = True  # a chosen file stays visible
    with st.expander("More files", st.session_state.get("add_more_files", False), icon=":material/attach_file:"):
        for name, (label, help) in FIELDS.items():
            if (name == "images" and format == "folders") or (name == "test" and format != "iwildcam2020"):
                continue
            try:
                chosen[name] = _choose(name, label, help, kind)
            except WildcamError as error:
                are_usable = False
                st.error(literal(str(error)), icon=":material/error:")
    if kind is SourceKind.UPLOAD and not chosen.get("images"):
        st.info(ONLY_FIGURES, icon=":material/hide_image:")
    return MoreFiles(**chosen, are_usable=are_usable)


def _choose(name: str, label: str, help: str, kind: SourceKind) -> SourceFile | None:
    if name == "images" or kind is SourceKind.SERVER:
        text = choose_path(label, name, help=help)
        file = source_file(text) if text else None
        if file and file.path.is_dir() != (name == "images"):
            expected = "the photo folder" if name == "images" else "a file"
            raise DataError(f"{file.path} is a {'folder' if file.path.is_dir() else 'file'}: expected {expected}.")
        return file
    files = choose_upload(label, f"{name}_upload", help=help)
    if len(files) > 1:
        raise DataError(f"The zip holds {counted(len(files), 'file')}: expected one.")
    return files[0] if files else None
