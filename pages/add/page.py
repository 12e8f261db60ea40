"""Bring a data set in: where it is, what is in it, what to call it. The path and the format are in the address."""

import streamlit as st

from pages.add.added import add, draw_added, start_check
from pages.add.columns import choose_columns
from pages.add.more_files import choose_more_files
from pages.add.name import Name, choose_name
from pages.add.preview import draw_preview, preview_source
from pages.add.request import ImportRequest
from pages.add.source import choose_format, choose_place, choose_source, draw_formats
from pages.widgets.markdown import literal
from wildcam.errors import WildcamError


def _choose() -> ImportRequest | None:
    """Draw every choice, and what would come in; None while something is missing or cannot be used."""
    place = choose_place()
    source = choose_source(place)
    if source is None:
        draw_formats()
        return None
    format = choose_format(source)
    if format is None:
        return None
    more = choose_more_files(place, format)
    st.subheader("What would come in")
    try:
        columns = choose_columns(source) if format == "csv" else None
        request = ImportRequest(source, format, columns, more)
        draw_preview(preview_source(request), with_files=request.has_images)
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return None
    return request if more.are_usable else None


def _add(request: ImportRequest, name: Name, check: bool) -> None:
    try:
        add(request, name)
    except WildcamError as error:
        st.session_state["add_failure"] = str(error)
    else:
        st.query_params.from_dict({"added": name.name} | ({"check": "yes"} if check else {}))
        st.session_state["add_check_failure"] = (name.name, start_check(name.name) if check else "")
    st.rerun()


st.title("Add data")
if added := st.query_params.get("added"):
    draw_added(added, is_checked="check" in st.query_params)
    st.stop()
st.write(
    "Bring in photos of your own with what is known of them: the metadata of iWildCam, WILDS and LILA, a Camtrap "
    "DP, a table, or plain folders. The photos stay where and as they are; WildCam only reads them."
)
form = st.empty()
with form.container():
    request = _choose()
    if request is None:
        st.stop()
    st.subheader("Add it")
    name = choose_name(request.source)
    check = request.has_images and st.checkbox(
        "Check every file in the background",
        True,
        key="add_check",
        help="Opens every photo once and remembers which cannot be read. You can go on working.",
    )
    clicked = st.button(
        "Add the data set",
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
