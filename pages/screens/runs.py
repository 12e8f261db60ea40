"""Every run, and one of them live: state, curves, log, stop, resume, promote."""

from typing import Literal

import pandas as pd
import streamlit as st

from pages.parts.markdown import literal
from wildcam.charts.curves import accuracy_curves, loss_curves
from wildcam.charts.splits import SIDE_TITLES
from wildcam.errors import WildcamError
from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import EPOCH_METRICS, STEP_METRICS, RunStore
from wildcam.runs.words import describe_state
from wildcam.serving.bundle import promote
from wildcam.settings import load_settings

REFRESH_SECONDS = 1.0
COLOURS: dict[State, Literal["gray", "blue", "orange", "green", "red"]] = {
    State.QUEUED: "gray", State.RUNNING: "blue", State.STOPPING: "orange", State.FINISHED: "green",
    State.STOPPED: "orange", State.FAILED: "red", State.LOST: "red",
}  # fmt: skip
KIND_TITLES = {
    Kind.TRAIN: "training", Kind.CHECK: "check of files", Kind.EVALUATE: "evaluation", Kind.PREDICT: "prediction",
}  # fmt: skip


def _table(runs: list[Run]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Run": [run.name for run in runs],
            "State": [str(run.state) for run in runs],
            "What": [KIND_TITLES[run.kind] for run in runs],
            "Preset": [run.params.get("preset", "") for run in runs],
            "Data set": [run.params.get("dataset", "") for run in runs],
            "Best epoch": [run.tags.get("best_epoch", "") for run in runs],
            "Validation accuracy": [run.metrics.get("val_accuracy") for run in runs],
            "Validation macro-F1": [run.metrics.get("val_macro_f1") for run in runs],
            "Submitted": pd.Series([run.submitted_at for run in runs], dtype="timestamp[ms, UTC][pyarrow]"),
        }
    )


def _draw_table(store: RunStore) -> None:
    number = st.column_config.NumberColumn(format="%.3f")
    submitted = st.column_config.DatetimeColumn(format="distance")
    columns = {"Validation accuracy": number, "Validation macro-F1": number, "Submitted": submitted}
    st.dataframe(_table(store.all()), hide_index=True, column_config=columns, key="runs_table")


def _draw_state(run: Run) -> None:
    st.badge(str(run.state), color=COLOURS[run.state])
    if run.state in (State.FAILED, State.LOST):
        st.error(literal(describe_state(run)))
    else:
        st.text(describe_state(run))
    if run.state is State.RUNNING:
        progress = run.progress
        st.progress(min(1.0, progress.step / progress.steps) if progress.steps else 0.0)


def _draw_curves(points: pd.DataFrame) -> None:
    if points.empty:
        st.info("The curves begin with the first batches.", icon=":material/timeline:")
        return
    left, right = st.columns(2)
    left.plotly_chart(loss_curves(points), key="runs_loss", config={"displaylogo": False})
    right.plotly_chart(accuracy_curves(points), key="runs_accuracy", config={"displaylogo": False})


def _draw_buttons(store: RunStore, run: Run) -> None:
    with st.container(horizontal=True):
        if run.state.is_live and st.button("Stop", icon=":material/stop:", key="runs_stop"):
            store.request_stop(run.id)
            st.rerun()
        if run.state.can_resume and st.button("Resume", icon=":material/resume:", key="runs_resume"):
            local.resume(store, run.id)
            st.rerun()


def _draw_scores(run: Run) -> None:
    rows = [
        {
            "Photographs": words,
            "Accuracy": run.tags.get(f"{side}_accuracy"),
            "Floor (always the commonest)": run.tags.get(f"{side}_floor_accuracy"),
            "Balanced accuracy": run.tags.get(f"{side}_balanced_accuracy"),
            "Macro-F1": run.tags.get(f"{side}_macro_f1"),
            "Empty ones found": run.tags.get(f"{side}_recall_empty"),
            "Animals found": run.tags.get(f"{side}_recall_animal"),
        }
        for side, words in SIDE_TITLES.items()
        if f"{side}_accuracy" in run.tags
    ]
    if rows:
        st.caption("The exported model, measured on photographs that it did not learn from:")
        table = pd.DataFrame(rows).set_index("Photographs").astype(float).dropna(axis="columns", how="all")
        st.dataframe(table, column_config={name: st.column_config.NumberColumn(format="%.3f") for name in table})


def _draw_promotion(run: Run) -> None:
    if not (run.bundle_dir / "model.json").exists():
        return
    with st.form("runs_promote", border=True):
        st.markdown("**Use this model on the Identify page**")
        name = st.text_input("Name of the model", value=run.params.get("preset", "model"), key="runs_model_name")
        replace = st.checkbox("Replace a model of that name", key="runs_replace")
        if st.form_submit_button("Promote", icon=":material/verified:"):
            try:
                bundle = promote(run.bundle_dir, load_settings().models, name, replace=replace)
                st.success(f"The model {bundle.name} is ready.", icon=":material/check:")
                st.page_link("pages/screens/identify.py", label="Try it on a photograph", icon=":material/pets:")
            except WildcamError as error:
                st.error(literal(str(error)))


def _draw_live(store: RunStore, run_id: str, was_live: bool) -> None:
    try:
        run = store.get(run_id)
        _draw_state(run)
        _draw_buttons(store, run)
        if run.kind is Kind.TRAIN:
            _draw_curves(store.curves(run.id, (*EPOCH_METRICS, *STEP_METRICS)))
        with st.expander("Log: everything that the worker printed"):
            st.code(run.log_tail() or "Nothing yet.", language=None, height=320, wrap_lines=True)
            if run.log_path.exists():
                st.download_button("Download the log", run.log_path.read_bytes(), "worker.log", key="runs_log")
    except WildcamError as error:
        st.error(literal(str(error)))
        return
    if was_live and not run.state.is_live:
        st.rerun()


store = RunStore(load_settings())
st.title("Runs")
runs = store.all()
if not runs:
    st.info("No run yet.", icon=":material/info:")
    st.page_link("pages/screens/train.py", label="Start one", icon=":material/model_training:")
    st.stop()
live = any(run.state.is_live for run in runs)
st.fragment(_draw_table, run_every=2 * REFRESH_SECONDS if live else None)(store)

ids = [run.id for run in runs]
asked = st.query_params.get("run", "")
names = {run.id: f"{run.name} ({run.id[:8]})" for run in runs}
if st.session_state.get("runs_asked") != asked and asked in ids:  # an address leads to its run once
    st.session_state["runs_run"] = asked
chosen = st.selectbox("Run", ids, format_func=names.__getitem__, key="runs_run")
st.query_params["run"] = st.session_state["runs_asked"] = chosen
run = runs[ids.index(chosen)]
is_live = run.state.is_live
st.fragment(_draw_live, run_every=REFRESH_SECONDS if is_live else None)(store, chosen, is_live)
if run.kind is Kind.CHECK:
    st.page_link(
        "pages/screens/explore.py", label="What it found", icon=":material/fact_check:",
        query_params={"dataset": run.params["dataset"], "section": "Quality"},
    )  # fmt: skip
elif not is_live:
    _draw_scores(run)
    _draw_promotion(run)
with st.expander("What it was asked for"):
    st.dataframe(pd.DataFrame(run.params.items(), columns=["Field", "Value"]), hide_index=True)
