"""The curves of a training run, live, how they are drawn, and their diagnosis."""

from functools import partial

import pandas as pd
import streamlit as st

from pages.runs.live import draw_live
from pages.widgets.url_state import url_number, url_switch
from wildcam.architectures.presets import find_preset
from wildcam.charts.curves import CurveOptions, accuracy_curves, loss_curves, rate_curve, speed_curve
from wildcam.charts.system import system_use
from wildcam.evaluation.diagnosis import Rule, diagnose
from wildcam.monitor import Monitor
from wildcam.runs.curves import CurveReader
from wildcam.runs.metric_names import SYSTEM_PREFIX
from wildcam.runs.run import Run
from wildcam.runs.score import score_of
from wildcam.runs.store import RunStore

RULE_ICONS = {
    Rule.DIVERGED: ":material/dangerous:",
    Rule.BELOW_BASELINE: ":material/thumb_down:",
    Rule.OVERFITTING: ":material/trending_up:",
    Rule.PLATEAU: ":material/trending_flat:",
    Rule.STILL_IMPROVING: ":material/trending_down:",
    Rule.TRAIN_ABOVE_VALIDATION: ":material/help:",
}


def draw_curves(store: RunStore, run: Run) -> None:
    """On a timer of its own that can be paused."""
    options, paused = _choose_options(run)
    draw_live(store, run, partial(_draw_curves, store, options), paused=paused)


def _choose_options(run: Run) -> tuple[CurveOptions, bool]:
    """The options, and whether updates are paused."""
    with st.container(horizontal=True, vertical_alignment="center"):
        smoothing = st.slider(
            "Smoothing of batch curves",
            0.0,
            0.98,
            step=0.02,
            width=260,
            **url_number("smoothing", 0.0, 0.0, 0.98),
            help="Weight of past batches in the running mean.",
        )
        log = st.toggle("Logarithmic loss", **url_switch("log"))
        paused = run.state.is_live and st.toggle("Pause updates", **url_switch("paused"), help="The run continues.")
    return CurveOptions(smoothing=smoothing, log=log, monitor=run.params.get("monitor", "val_accuracy")), bool(paused)


def _draw_curves(store: RunStore, options: CurveOptions, run: Run) -> None:
    points = _reader(store, run.id).read()
    with st.container():  # always there: a card that comes or goes moves no chart, which would be built anew
        _draw_diagnosis(run, points, Monitor(options.monitor))
    is_system = points["metric"].str.startswith(SYSTEM_PREFIX)
    if is_system.all():
        st.info("No curves yet: they start with the first batches.", icon=":material/timeline:")
        return
    left, right = st.columns(2)
    left.plotly_chart(loss_curves(points, options), key="runs_loss", config={"displaylogo": False})
    right.plotly_chart(accuracy_curves(points, options), key="runs_accuracy", config={"displaylogo": False})
    left.plotly_chart(rate_curve(points), key="runs_rate", config={"displaylogo": False})
    right.plotly_chart(speed_curve(points), key="runs_speed", config={"displaylogo": False})
    if is_system.any():
        st.plotly_chart(system_use(points), key="runs_system", config={"displaylogo": False})


def _draw_diagnosis(run: Run, points: pd.DataFrame, monitor: Monitor) -> None:
    by_epochs = find_preset(run.params["preset"]).has_epochs
    ended = not run.state.is_live
    for found in diagnose(points, ended=ended, monitor=monitor, score=score_of(run), by_epochs=by_epochs):
        with st.container(border=True):
            st.markdown(f"{RULE_ICONS[found.rule]} **{found.rule.display}**")
            st.write(found.sentence)


def _reader(store: RunStore, run_id: str) -> CurveReader:
    """One reader a run and session: a tick reads only the points that are new."""
    kept = st.session_state.get("runs_reader")
    if kept is None or kept[0] != run_id:
        kept = st.session_state["runs_reader"] = (run_id, CurveReader(store, run_id))
    return kept[1]
