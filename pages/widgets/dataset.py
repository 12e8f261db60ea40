"""The current data set: one for all pages, in the address as `?dataset=NAME` and in the session."""

from pathlib import Path

import streamlit as st

from pages.widgets.markdown import literal
from pages.widgets.url_state import url_param
from wildcam.data.catalog import Dataset, DatasetInfo, list_datasets, open_dataset, reviews_of
from wildcam.data.reviews import ReviewLayer
from wildcam.settings import load_settings

HOW_TO_BEGIN = (
    "There is no data set yet. Add your own with *Add data* in the menu, or in a terminal with "
    "`python -m wildcam data import SOURCE --name NAME`. `python -m wildcam demo` creates a small demo."
)
_CURRENT, _GONE = "current_dataset", "dataset_that_is_gone"


def choose_current_dataset() -> None:
    """Draw the selector that counts for every page; nothing where there is no data set."""
    titles = {info.name: info.display for info in list_datasets(load_settings().datasets_dir)}
    names = list(titles)
    linked, last = st.query_params.get("dataset", ""), st.session_state.get(_CURRENT)
    st.session_state[_GONE] = linked if linked and linked not in names else ""
    if not names:
        st.query_params.pop("dataset", None)
        return
    if linked not in names:
        st.query_params["dataset"] = last if last in names else names[0]
    st.session_state[_CURRENT] = st.selectbox(
        "Data set", names, format_func=titles.__getitem__, **url_param("dataset", names)
    )


def warn_of_missing_dataset() -> None:
    """A sentence where the address names a data set that is not here."""
    if gone := st.session_state.get(_GONE):
        st.warning(
            literal(f"The data set {gone!r} in the link does not exist: it was deleted or renamed. ")
            + "Another one is shown.",
            icon=":material/link_off:",
        )


def current_dataset_name() -> str:
    """The name of the current data set; empty where there is none."""
    return st.session_state.get(_CURRENT, "") if st.query_params.get("dataset") else ""


def current_dataset() -> Dataset:
    """The current data set, opened; where there is none, say what to do and end the page."""
    datasets_dir = load_settings().datasets_dir
    info = next((info for info in list_datasets(datasets_dir) if info.name == current_dataset_name()), None)
    if info is None:
        st.info(HOW_TO_BEGIN, icon=":material/info:")
        st.page_link("pages/add/page.py", label="Add data", icon=":material/add_photo_alternate:")
        st.stop()
    return open_shared(datasets_dir, info)


def open_shared(datasets_dir: Path, info: DatasetInfo) -> Dataset:
    """The data set with its table, one for all sessions: read only. A changed catalog is opened again, and reviews
    count at once.
    """
    return _reviewed(datasets_dir, info, reviews_of(datasets_dir, info))


@st.cache_resource(
    max_entries=4, show_spinner="Opening the data set …", hash_funcs={DatasetInfo: repr, ReviewLayer: repr}
)
def _reviewed(datasets_dir: Path, info: DatasetInfo, reviews: ReviewLayer) -> Dataset:
    return _unreviewed(datasets_dir, info).reviewed(reviews)


@st.cache_resource(max_entries=4, show_spinner="Opening the data set …", hash_funcs={DatasetInfo: repr})
def _unreviewed(datasets_dir: Path, info: DatasetInfo) -> Dataset:
    dataset = open_dataset(datasets_dir, info.name)
    dataset.unreviewed  # noqa: B018  read once, for every state of the reviews
    return dataset
