"""Add data: what lies apart from the source. Images, iWildCam's test file, a detector's results, labels."""

from dataclasses import dataclass

import streamlit as st

from pages.add.files import SourceFile, choose_path, choose_upload, given_path
from pages.add.source import SourceKind
from pages.widgets.markdown import literal
from wildcam.errors import DataError, WildcamError

FIELDS = {
    "images": (
        "Folder of the photos",
        "A path on the computer that WildCam runs on. Without one, they are looked for beside the metadata.",
    ),
    "test": ("iWildCam's test file", "The second JSON, which lists the photos without labels."),
    "detector": ("MegaDetector's results", "JSON: where in each photo the animals are."),
    "ground_truth": ("More labels", "CSV with the columns image_id and label, for photos that have none yet."),
}
ONLY_FIGURES = (
    "Only figures will be there, no photos: the photos stay on your computer. If they also lie on the computer "
    "that WildCam runs on, name their folder under *More files*."
)


@dataclass(frozen=True)
class MoreFiles:
    """The files beside a source; None where none is given."""

    images: SourceFile | None = None
    test: SourceFile | None = None
    detector: SourceFile | None = None
    ground_truth: SourceFile | None = None
    are_usable: bool = True  # False where something was named that is not there


def choose_more_files(place: SourceKind, format: str) -> MoreFiles:
    """Draw the optional files; what cannot be used has its sentence beside it."""
    chosen: dict[str, SourceFile | None] = {}
    are_usable = True
    if any(st.query_params.get(name) or st.session_state.get(f"add_{name}_upload") for name in FIELDS):
        st.session_state["add_more_files"] = True  # what was named stays in sight
    with st.expander("More files", st.session_state.get("add_more_files", False), icon=":material/attach_file:"):
        for name, (label, help) in FIELDS.items():
            if (name == "images" and format == "folders") or (name == "test" and format != "iwildcam2020"):
                continue
            try:
                chosen[name] = _choose(name, label, help, place)
            except WildcamError as error:
                are_usable = False
                st.error(literal(str(error)), icon=":material/error:")
    if place is SourceKind.UPLOAD and not chosen.get("images"):
        st.info(ONLY_FIGURES, icon=":material/hide_image:")
    return MoreFiles(**chosen, are_usable=are_usable)


def _choose(name: str, label: str, help: str, place: SourceKind) -> SourceFile | None:
    if name == "images" or place is SourceKind.COMPUTER:
        text = choose_path(label, name, help=help)
        given = given_path(text) if text else None
        if given and given.path.is_dir() != (name == "images"):
            expected = "the folder of the photos" if name == "images" else "a file"
            raise DataError(f"{given.path} is a {'folder' if given.path.is_dir() else 'file'}: expected {expected}.")
        return given
    files = choose_upload(label, f"{name}_upload", help=help)
    if len(files) > 1:
        raise DataError(f"The zip holds {len(files)} files: expected one.")
    return files[0] if files else None
