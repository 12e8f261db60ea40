"""Batch: predictions of many photos in the background: start, watch, browse, export."""

import streamlit as st

from pages.batch.export import draw_export
from pages.batch.results import draw_results
from pages.batch.start import NEW_BATCH, draw_start
from pages.widgets.damage import damage_shown
from pages.widgets.markdown import literal
from pages.widgets.mine import choose_mine
from pages.widgets.review import draw_all_reviews
from pages.widgets.run import choose_run, draw_stop_and_resume
from wildcam.errors import BundleError, DamagedFile, DataError
from wildcam.predictions.batches import open_batch
from wildcam.runs.describe import describe_state, has_results
from wildcam.runs.facts import PredictFacts
from wildcam.runs.run_filter import RunFilter
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import choose_pair, missing_default
from wildcam.settings import load_settings

REFRESH_SECONDS = 2.0
DEMO_WARNING = "Demo models: their verdicts on real photos mean nothing."


def _draw_live(store: RunStore, run_id: str, was_live: bool) -> None:
    """State, progress and buttons; on a timer while the run is live."""
    run = store.get(run_id)
    if has_results(run):
        st.text(describe_state(run))
    else:
        st.error(literal(describe_state(run)), icon=":material/error:")
    if run.state is State.RUNNING:
        st.progress(run.progress.fraction)
    draw_stop_and_resume(store, run)
    if was_live and not run.state.is_live:
        st.rerun()


store = RunStore(load_settings())
st.title("Batch")
st.write(
    "Classify a folder, a data set or a list of photos in the background. A batch continues when this page is closed; "
    "it can be stopped and resumed."
)
batches = RunFilter(made_by=choose_mine("batches", forget=("run",))).apply(store.all(Kind.PREDICT))
run = choose_run("Batch", batches, new=NEW_BATCH)
if run is None:
    try:
        defaults = choose_pair(store.settings.model_dirs)
    except BundleError as error:
        st.info(literal(str(error)), icon=":material/info:")
        st.page_link("pages/train/page.py", label="Train a model", icon=":material/model_training:")
        st.stop()
    if gone := missing_default(store.settings.model_dirs):
        st.warning(literal(gone), icon=":material/link_off:")
    draw_start(store, defaults)
    st.stop()
st.fragment(_draw_live, run_every=REFRESH_SECONDS if run.state.is_live else None)(store, run.id, run.state.is_live)
try:
    batch = open_batch(store, run.id)
except DamagedFile:
    raise
except DataError as error:
    st.caption(literal(str(error)))
    st.stop()
if batch.metadata.is_demo:
    st.warning(DEMO_WARNING, icon=":material/warning:")
if batch.metadata.settings:
    st.caption(literal(batch.metadata.settings))
if isinstance(run.facts, PredictFacts) and run.facts.remarks:
    with st.expander("Remarks", icon=":material/rule:"):
        st.text("\n".join(run.facts.remarks))
if run.state.is_live:
    st.button("Refresh", icon=":material/refresh:", key="batch_refresh")
with damage_shown():
    draw_results(batch)
draw_export(batch)
draw_all_reviews()
