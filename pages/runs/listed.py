"""All runs, one list for all sessions of the web process, and the filter that the address keeps."""

from pathlib import Path

import streamlit as st

from pages.widgets.mine import choose_mine
from pages.widgets.url_state import url_list, url_value
from wildcam.runs.run import Run
from wildcam.runs.run_filter import RunFilter
from wildcam.runs.run_list import RunList
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings


def shared_run_list() -> RunList:
    """The list of the home that this process uses."""
    settings = load_settings()
    return _run_list(settings.home, settings.tracking_uri)


@st.cache_resource(max_entries=4, show_spinner=False)
def _run_list(home: Path, tracking_uri: str) -> RunList:
    """Both name the store."""
    return RunList(RunStore(load_settings()))


def choose_filter(runs: list[Run]) -> RunFilter:
    """Text, kinds, states and data sets. The parameter `dataset` is the sidebar's, which hides no run."""
    datasets = sorted({name for run in runs if (name := run.params.get("dataset", ""))})
    text = st.text_input(
        "Search",
        placeholder="Name, id, note or tag",
        icon=":material/search:",
        width=180,
        **url_value("search", "", str),
    )
    kinds = _choose_some("Kind", "kinds", {str(kind): kind.display for kind in Kind})
    states = _choose_some("State", "states", {str(state): state.display for state in State})
    of = _choose_some("Data set of the run", "datasets", {name: name for name in datasets})
    made_by = choose_mine("runs")
    return RunFilter(frozenset(map(Kind, kinds)), frozenset(map(State, states)), frozenset(of), made_by, text)


def _choose_some(label: str, parameter: str, titles: dict[str, str]) -> list[str]:
    """Of slugs with their titles; none chosen is all. Kept in the address."""
    return st.multiselect(
        label,
        list(titles),
        format_func=titles.__getitem__,
        placeholder="All",
        width=145,
        **url_list(parameter, titles, []),
    )
