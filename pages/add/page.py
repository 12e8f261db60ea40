"""Add a data set: source, preview, name. The path and the format are in the address."""

import streamlit as st

from pages.add.added import add, draw_added
from pages.add.check import start_check
from pages.add.columns import choose_columns
from pages.add.levels import choose_levels
from pages.add.more_files import choose_more_files
from pages.add.name import DatasetName, choose_name
from pages.add.preview import draw_preview, preview_source
from pages.add.request import ImportRequest
from pages.add.source import choose_format, choose_source, choose_source_kind, draw_formats
from pages.widgets.markdown import literal
from wildcam.errors import WildcamError


def _choose() -> ImportRequest | None:
    """Draw every choice and the preview; None while something is missing or cannot be used."""
    kind = choose_source_kind()
    source = choose_source(kind)
    if source is None:
        draw_formats()
        return None
    format = choose_format(source)
    if format is None:
        return None
    more = choose_more_files(kind, format)
    st.subheader("Preview")
    try:
        columns = choose_columns(source) if format == "csv" else None
        levels = choose_levels(source) if format == "folders" else None
        request = ImportRequest(source, format, columns, more, levels)
        draw_preview(preview_source(request), with_files=request.has_images)
    except WildcamError as error:
        st.error(literal(source.sentence(error)), icon=":material/error:")
        return None
    return request if more.are_usable else None


def _add(request: ImportRequest, name: DatasetName, check: bool) -> None:
    try:
        add(request, name)
    except WildcamError as error:
        st.session_state["add_failure"] = str(error)
    else:
        started = {"check": run.id} if check and (run := start_check(name.name)) else {}
        st.query_params.from_dict({"added": name.name, "dataset": name.name} | started)
    st.rerun()


st.title("Add data")
if added := st.query_params.get("added"):
    draw_added(added, check=st.query_params.get("check", ""))
    st.stop()
st.write(
    "Add your own photos: a folder, photos or ZIPs from this browser, or what lies on the server, where photos are "
    "only read, never moved or changed. Tables, a Camtrap DP, iWildCam, WILDS and LILA files bring their metadata."
)
form = st.empty()
with form.container():
    request = _choose()
    if request is None:
        st.stop()
    st.subheader("Name and import")
    name = choose_name(request.source)
    check = request.has_images and st.checkbox(
        "Check all files in the background",
        True,
        key="add_check",
        help="Opens every photo once and finds unreadable ones. You can keep working meanwhile.",
    )
    clicked = st.button(
        "Add data set",
        type="primary",
        icon=":material/add_photo_alternate:",
        disabled=name is None,
        key="add_start",
    )
    if failure := st.session_state.pop("add_failure", ""):
        st.error(literal(failure), icon=":material/error:")
if clicked and name:
    form.empty()  # a click on a choice would end the import
    _add(request, name, check)
