"""All runs in a table; below it the one that is ticked, in tabs, or several compared."""

import streamlit as st

from pages.runs.chosen import read_chosen
from pages.runs.compare import draw_compare
from pages.runs.listed import choose_filter, shared_run_list
from pages.runs.live import REFRESH_SECONDS
from pages.runs.one_run import draw_run
from pages.runs.queue import draw_queue
from pages.runs.table import choose_columns, draw_table
from wildcam.counting import counted
from wildcam.runs.run import Run
from wildcam.runs.run_filter import RunFilter
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings


def _draw_all(store: RunStore, wanted: RunFilter, columns: list[str], chosen: list[Run], was_live: bool) -> None:
    """The table and the queue: on a timer while something runs."""
    runs = shared_run_list().read()
    shown = wanted.apply(runs)
    if len(shown) == len(runs):
        st.caption(f"{counted(len(runs), 'run')}. Tick one to open it, several to compare them.")
    else:
        st.caption(f"{len(shown):,} of {counted(len(runs), 'run')}. Tick one to open it, several to compare them.")
    draw_table(shown, columns, [run.id for run in chosen])
    draw_queue(store)
    if was_live and not any(run.state.is_live for run in runs):
        st.rerun()


store = RunStore(load_settings())
st.title("Runs")
listed = shared_run_list()
runs = listed.read()
if not runs:
    read_chosen(runs)  # says it where the address names one
    st.info("No runs yet.", icon=":material/info:")
    st.page_link("pages/train/page.py", label="Start a training run", icon=":material/model_training:")
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom"):
    wanted = choose_filter(runs)
    columns = choose_columns()
chosen = read_chosen(runs)
live = any(run.state.is_live for run in runs)
st.fragment(_draw_all, run_every=2 * REFRESH_SECONDS if live else None)(store, wanted, columns, chosen, live)
if len(chosen) > 1:
    draw_compare(store, chosen)
elif chosen:
    draw_run(store, store.get(chosen[0].id))
