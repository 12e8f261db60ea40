"""Add data: the source and its format."""

from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import streamlit as st

from pages.add.files import SourceFile, choose_path, choose_upload, source_file, whole_upload
from pages.add.photos import choose_uploaded_folder, choose_uploaded_photos
from pages.widgets.facts import draw_facts
from pages.widgets.markdown import literal
from pages.widgets.url_state import url_param
from wildcam.choice import Choice
from wildcam.data.importers import IMPORTERS, recognise
from wildcam.data.importers.text_table import head_bytes, read_header
from wildcam.errors import DataError, WildcamError

NOT_RECOGNISED = ""
CACHE_ENTRIES, CACHE_TTL = 50, "10m"  # what changes deep in a folder does not change its stamp


class SourceKind(Choice):
    """Where the files are."""

    FOLDER = "folder", "Upload a folder"
    PHOTOS = "photos", "Upload photos or ZIPs"
    SERVER = "server", "On the server"
    UPLOAD = "upload", "Upload a metadata file"


@dataclass(frozen=True)
class Recognised:
    """The importer's name, or "" and the reason why there is none."""

    format: str
    reason: str = ""


def choose_source_kind() -> SourceKind:
    """Draw the choice between a path and uploads; kept in the address."""
    if "source" in st.query_params:  # a link to a path
        st.query_params.setdefault("from", SourceKind.SERVER)
    return st.segmented_control(
        "Source",
        list(SourceKind),
        format_func=attrgetter("display"),
        required=True,
        wrap=True,
        **url_param("from", SourceKind, forget=("format",)),
    )


def choose_source(kind: SourceKind) -> SourceFile | None:
    """Draw the field or the uploader of the source; None while none can be read."""
    choose = {
        SourceKind.FOLDER: choose_uploaded_folder,
        SourceKind.PHOTOS: choose_uploaded_photos,
        SourceKind.SERVER: _choose_path,
        SourceKind.UPLOAD: _choose_uploaded,
    }
    try:
        return choose[kind]()
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return None


def choose_format(source: SourceFile) -> str | None:
    """Draw the recognised format, and let another be chosen; None while there is none."""
    found = _recognise(source)
    names = [found.format, *(name for name in IMPORTERS if name != found.format)]
    format = st.selectbox(
        "Format",
        names,
        format_func=_title,
        **url_param("format", names),
        help="Recognised from the file's content, not its name. Choose another one if it is wrong.",
    )
    if format in IMPORTERS:
        st.caption(IMPORTERS[format].description)
    if found.reason and format not in IMPORTERS:
        st.warning(literal(source.sentence(found.reason)), icon=":material/help:")
    return format if format in IMPORTERS else None


def draw_formats() -> None:
    """The formats that can be imported."""
    with st.container(border=True):
        st.markdown("**Supported formats**")
        draw_facts({importer.title: importer.description for importer in IMPORTERS.values()})


def _choose_path() -> SourceFile | None:
    text = choose_path(
        "Metadata file or folder",
        "source",
        placeholder="/data/reserve/annotations.json",
        forget=("format",),
        help="A path on the computer that runs WildCam. A folder of photos can be imported without metadata.",
    )
    return source_file(text) if text else None


def _choose_uploaded() -> SourceFile | None:
    files = choose_upload(
        "Metadata file",
        "upload",
        help="It is stored with the data set. A zip may hold several files that belong together, "
        "such as metadata.csv and categories.csv of WILDS.",
        forget=("format",),
    )
    if len(files) < 2:
        return files[0] if files else None
    together = whole_upload(files, str(st.session_state["add_upload"].name))
    if _recognise(together).format:
        return together
    names = {file.path.name: file for file in files}
    return names[st.selectbox("File in the zip", list(names), key="add_member")]


def _title(name: str) -> str:
    return IMPORTERS[name].title if name in IMPORTERS else "Not recognised: choose a format"


def _recognise(source: SourceFile) -> Recognised:
    return _recognise_cached(source.path, source.stamp)


@st.cache_data(max_entries=CACHE_ENTRIES, ttl=CACHE_TTL, show_spinner="Recognising the format …")
def _recognise_cached(path: Path, stamp: tuple[int, int]) -> Recognised:
    try:
        return Recognised(recognise(path))
    except OSError as error:
        return Recognised(NOT_RECOGNISED, f"{path} cannot be read ({error.strerror}): check its permissions.")
    except WildcamError as error:
        return Recognised("csv" if _is_table(path) else NOT_RECOGNISED, str(error))


def _is_table(path: Path) -> bool:
    """Whether it is a table, whose columns a person may choose where no name is known."""
    try:
        return not head_bytes(path).lstrip().startswith((b"{", b"[")) and len(read_header(path)) > 1
    except DataError:
        return False
