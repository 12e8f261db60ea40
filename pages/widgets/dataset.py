"""The data set selector, kept in the address as `?dataset=NAME` and across pages of a session."""

from pathlib import Path

import streamlit as st

from pages.widgets.url_state import url_param
from wildcam.data.catalog import Dataset, DatasetInfo, list_datasets, open_dataset
from wildcam.settings import load_settings

HOW_TO_BEGIN = (
    "There is no data set yet. Add your own with *Add data* in the menu, or in a terminal with "
    "`python -m wildcam data import SOURCE --name NAME`. `python -m wildcam demo` creates a small demo."
)


def choose_dataset() -> Dataset:
    """Draw the selector and open the data set; where there is none, say what to do and end the page."""
    datasets_dir = load_settings().datasets_dir
    datasets = {info.name: info for info in list_datasets(datasets_dir)}
    if not datasets:
        st.info(HOW_TO_BEGIN, icon=":material/info:")
        st.stop()
    requested, last = st.query_params.get("dataset"), st.session_state.get("last_dataset")
    if requested not in datasets:
        st.query_params["dataset"] = last if last in datasets else next(iter(datasets))
    name = st.selectbox("Data set", list(datasets), **url_param("dataset", datasets))
    if requested and requested not in datasets:
        st.warning("The data set in the link does not exist. Another one is shown.", icon=":material/link_off:")
    st.session_state["last_dataset"] = name
    return open_shared(datasets_dir, datasets[name])


@st.cache_resource(max_entries=4, show_spinner="Opening the data set …", hash_funcs={DatasetInfo: repr})
def open_shared(datasets_dir: Path, info: DatasetInfo) -> Dataset:
    """The data set with its table, one for all sessions: read only. A changed catalog is opened again."""
    return open_dataset(datasets_dir, info.name)
