"""All runs in a table; one of them live, or several compared."""

from operator import attrgetter

import streamlit as st

from pages.runs.actions import draw_run_actions
from pages.runs.compare import draw_compare
from pages.runs.errors import draw_errors
from pages.runs.provenance import draw_provenance
from pages.runs.queue import draw_queue
from pages.runs.result import draw_result
from pages.runs.table import choose_columns, draw_table
from pages.runs.watch import REFRESH_SECONDS, draw_watch
from pages.widgets.run import choose_run
from pages.widgets.url_state import url_param
from wildcam.choice import Choice
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings


class View(Choice):
    """What is shown below the table."""

    ONE = "one", "One run"
    COMPARE = "compare", "Compare"


def _draw_all(store: RunStore, columns: list[str]) -> None:
    """The table and the queue: on a timer while something runs."""
    draw_table(store.all(), columns)
    draw_queue(store)


def _draw_one(store: RunStore, run: Run) -> None:
    draw_watch(store, run)
    draw_run_actions(store, run)
    if run.kind is Kind.CHECK:
        st.page_link(
            "pages/explore/page.py",
            label="Open the results",
            icon=":material/fact_check:",
            query_params={"dataset": run.params["dataset"], "section": "quality"},
        )
    elif run.kind is Kind.PREDICT:
        st.page_link(
            "pages/batch/page.py",
            label="Open the results",
            icon=":material/photo_library:",
            query_params={"run": run.id},
        )
    elif run.kind is Kind.TRAIN:
        if not run.state.is_live:
            draw_result(run)
        draw_errors(run)
    draw_provenance(run)


store = RunStore(load_settings())
st.title("Runs")
runs = store.all()
if not runs:
    st.info("No runs yet.", icon=":material/info:")
    st.page_link("pages/train/page.py", label="Start a training run", icon=":material/model_training:")
    st.stop()
columns = choose_columns()
live = any(run.state.is_live for run in runs)
st.fragment(_draw_all, run_every=2 * REFRESH_SECONDS if live else None)(store, columns)
view = st.segmented_control(
    "View",
    list(View),
    format_func=attrgetter("display"),
    required=True,
    label_visibility="collapsed",
    **url_param("view", View),
)
if view == View.COMPARE:
    draw_compare(store, runs)
else:
    _draw_one(store, choose_run("Run", runs) or runs[0])
