"""One run, live: state, progress, curves, log."""

from typing import Literal

import streamlit as st

from pages.runs.curves import draw_curve_options, draw_curves
from pages.widgets.markdown import literal
from pages.widgets.run import draw_stop_and_resume
from wildcam.charts.curves import CurveOptions
from wildcam.errors import WildcamError
from wildcam.runs.curves import CurveReader
from wildcam.runs.describe import describe_state, has_results
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore

REFRESH_SECONDS = 1.0
COLOURS: dict[State, Literal["gray", "blue", "orange", "green", "red"]] = {
    State.QUEUED: "gray",
    State.RUNNING: "blue",
    State.STOPPING: "orange",
    State.FINISHED: "green",
    State.STOPPED: "orange",
    State.FAILED: "red",
    State.LOST: "red",
}
LOG_LINES = 20


def draw_watch(store: RunStore, run: Run) -> None:
    """The run; while it lives, on a timer of its own that can be paused."""
    options, paused = draw_curve_options(run) if run.kind is Kind.TRAIN else (CurveOptions(), False)
    ticks = run.state.is_live and not paused
    st.fragment(_draw_live, run_every=REFRESH_SECONDS if ticks else None)(store, run.id, run.state.is_live, options)


def _draw_live(store: RunStore, run_id: str, was_live: bool, options: CurveOptions) -> None:
    try:
        run = store.get(run_id)
        _draw_state(run, _queue_position(store, run))
        draw_stop_and_resume(store, run)
        if run.kind is Kind.TRAIN:
            draw_curves(run, _reader(store, run.id).read(), options)
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


def _queue_position(store: RunStore, run: Run) -> int | None:
    """From 1; None where it does not wait."""
    if run.state is not State.QUEUED:
        return None
    return next(
        (number for number, waiting in enumerate(store.queue(run.kind.lane), start=1) if waiting.id == run.id), None
    )


def _draw_state(run: Run, queue_position: int | None) -> None:
    st.badge(run.state.display, color=COLOURS[run.state] if has_results(run) else "red")
    if not has_results(run):
        st.error(literal(describe_state(run)))
    elif run.state in (State.FAILED, State.LOST):
        st.error(literal(describe_state(run)))
        st.code(run.log_tail(LOG_LINES) or "The log is empty.", language=None, height=200, wrap_lines=True)
    else:
        st.text(describe_state(run, queue_position))
    if run.state is State.RUNNING:
        st.progress(run.progress.fraction)


def _draw_log(run: Run) -> None:
    with st.expander("Log"):
        st.code(run.log_tail() or "The log is empty.", language=None, height=320, wrap_lines=True)
        if run.log_path.exists():
            st.download_button(
                "Download the log", run.log_path.read_bytes, "worker.log", key="runs_log", on_click="ignore"
            )
