"""One run, live: state, progress, curves, what they mean, the log."""

from typing import Literal

import pandas as pd
import streamlit as st

from pages.runs.actions import draw_actions
from pages.runs.diagnosis import draw_diagnosis
from pages.widgets.markdown import literal
from pages.widgets.url_state import url_switch, url_value
from wildcam.charts.curves import CurveOptions, accuracy_curves, loss_curves, rate_curve, speed_curve
from wildcam.charts.system import system_use
from wildcam.errors import WildcamError
from wildcam.runs.curves import CurveReader
from wildcam.runs.describe import describe_state
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import SYSTEM_PREFIX, RunStore

REFRESH_SECONDS = 1.0
COLOURS: dict[State, Literal["gray", "blue", "orange", "green", "red"]] = {
    State.QUEUED: "gray",
    State.RUNNING: "blue",
    State.STOPPING: "orange",
    State.FINISHED: "green",
    State.STOPPED: "orange",
    State.FAILED: "red",
    State.MISSED_ANIMAL: "red",
}
LOG_LINES = 20


def draw_watch(store: RunStore, run: Run) -> None:
    """The run; while it lives, on a timer of its own that can be paused."""
    options, paused = _draw_curve_options(run) if run.kind is Kind.TRAIN else (CurveOptions(), False)
    ticks = run.state.is_live and not paused
    st.fragment(_draw_live, run_every=REFRESH_SECONDS if ticks else None)(store, run.id, run.state.is_live, options)


def _draw_curve_options(run: Run) -> tuple[CurveOptions, bool]:
    """How curves are drawn, and whether they stand still."""
    with st.container(horizontal=True, vertical_alignment="center"):
        smoothing = st.slider(
            "Smoothing of the batches",
            0.0,
            0.98,
            step=0.02,
            width=260,
            **url_value("smoothing", 0.0, float),
            help="Share of the past in a running mean.",
        )
        log = st.toggle("Logarithmic loss", **url_switch("log"))
        paused = run.state.is_live and st.toggle("Pause the view", **url_switch("paused"), help="The run goes on.")
    return CurveOptions(smoothing=smoothing, log=log, monitor=run.params.get("monitor", "val_accuracy")), bool(paused)


def _draw_live(store: RunStore, run_id: str, was_live: bool, options: CurveOptions) -> None:
    try:
        run = store.get(run_id)
        _draw_state(run, _place(store, run))
        draw_actions(store, run)
        if run.kind is Kind.TRAIN:
            points = _reader(store, run.id).read()
            draw_diagnosis(points, ended=not run.state.is_live)
            _draw_curves(points, options)
        _draw_log(run)
    except WildcamError as error:
        st.error(literal(str(error)))
        return
    if was_live and not run.state.is_live:
        st.rerun()


def _reader(store: RunStore, run_id: str) -> CurveReader:
    """One reader a run and session: a tick reads only the points that are new."""
    kept = st.session_state.get("runs_reader")
    if kept is None or kept[0] != run_id:
        kept = st.session_state["runs_reader"] = (run_id, CurveReader(store, run_id))
    return kept[1]


def _place(store: RunStore, run: Run) -> int | None:
    """In the queue, from 1."""
    if run.state is not State.QUEUED:
        return None
    return next((place for place, waiting in enumerate(store.queue(), start=1) if waiting.id == run.id), None)


def _draw_state(run: Run, place: int | None) -> None:
    st.badge(str(run.state), color=COLOURS[run.state])
    if run.state in (State.FAILED, State.MISSED_ANIMAL):
        st.error(literal(describe_state(run)))
        st.code(run.log_tail(LOG_LINES) or "The log is empty.", language=None, height=200, wrap_lines=True)
    else:
        st.text(describe_state(run, place))
    if run.state is State.RUNNING:
        progress = run.progress
        st.progress(min(1.0, progress.step / progress.steps) if progress.steps else 0.0)


def _draw_curves(points: pd.DataFrame, options: CurveOptions) -> None:
    of_machine = points["metric"].str.startswith(SYSTEM_PREFIX)
    if of_machine.all():
        st.info("The curves begin with the first batches.", icon=":material/timeline:")
        return
    left, right = st.columns(2)
    left.plotly_chart(loss_curves(points, options), key="runs_loss", config={"displaylogo": False})
    right.plotly_chart(accuracy_curves(points, options), key="runs_accuracy", config={"displaylogo": False})
    left.plotly_chart(rate_curve(points), key="runs_rate", config={"displaylogo": False})
    right.plotly_chart(speed_curve(points), key="runs_speed", config={"displaylogo": False})
    if of_machine.any():
        st.plotly_chart(system_use(points), key="runs_system", config={"displaylogo": False})


def _draw_log(run: Run) -> None:
    with st.expander("Log: everything that the worker printed"):
        st.code(run.log_tail() or "Nothing yet.", language=None, height=320, wrap_lines=True)
        if run.log_path.exists():
            st.download_button(
                "Download the log", run.log_path.read_bytes, "worker.log", key="runs_log", on_click="ignore"
            )
