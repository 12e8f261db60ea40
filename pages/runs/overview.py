"""The overview of a run: its verdict, where it stands, what can be done with it, and what came of it."""

from collections.abc import Mapping
from functools import partial
from typing import Literal

import streamlit as st

from pages.runs.actions import draw_run_actions
from pages.runs.listed import shared_run_list
from pages.runs.live import draw_live
from pages.runs.result import draw_result
from pages.runs.values import draw_values
from pages.widgets.markdown import literal
from pages.widgets.run import draw_stop_and_resume
from pages.widgets.score import draw_score
from wildcam.counting import counted
from wildcam.quality.findings import Finding
from wildcam.runs.describe import describe_progress, describe_state, has_results
from wildcam.runs.facts import CheckFacts, LRFinderFacts, PredictFacts
from wildcam.runs.run import Run
from wildcam.runs.score import score_of
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore

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


def draw_overview(store: RunStore, run: Run) -> None:
    draw_live(store, run, partial(_draw_standing, store))
    draw_run_actions(store, run)
    if run.sweep:
        _draw_sweep_link(run)
    _draw_found(run)
    if run.kind is Kind.CHECK:
        st.page_link(
            "pages/explore/page.py",
            label="Open the results",
            icon=":material/fact_check:",
            query_params={"dataset": run.params["dataset"], "section": "quality"},
        )
    elif run.kind is Kind.SIMILARITY:
        st.page_link(
            "pages/explore/page.py",
            label="Open the results",
            icon=":material/bubble_chart:",
            query_params={"dataset": run.params["dataset"], "section": "similarity"},
        )
    elif run.kind is Kind.PREDICT:
        st.page_link(
            "pages/batch/page.py",
            label="Open the results",
            icon=":material/photo_library:",
            query_params={"run": run.id},
        )
    elif run.kind is Kind.TRAIN and not run.state.is_live:
        draw_result(run)


def _draw_sweep_link(run: Run) -> None:
    runs = [other.id for other in shared_run_list().read() if other.sweep == run.sweep]
    st.page_link(
        "pages/runs/page.py",
        label=literal(f"Compare all {counted(len(runs), 'run')} of the sweep over {run.sweep}"),
        icon=":material/stacked_line_chart:",
        query_params={"compare": ",".join(runs)},
    )


def _draw_standing(store: RunStore, run: Run) -> None:
    if run.kind is Kind.TRAIN:
        _draw_verdict(run)
    _draw_state(run, _queue_position(store, run))
    draw_stop_and_resume(store, run)


def _draw_verdict(run: Run) -> None:
    if score := score_of(run):
        draw_score(score)
    elif run.state.is_live:
        st.caption("The score beside the baseline comes when the model is exported and measured.")
    else:
        st.caption("No score beside the baseline: the run ended before a model was exported and measured.")


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
    elif run.state is State.RUNNING:
        progress = run.progress
        st.progress(progress.fraction, literal(f"{progress.fraction:.0%} of the run: {describe_progress(progress)}"))
    else:
        st.text(describe_state(run, queue_position))


def _draw_found(run: Run) -> None:
    """What a run that trains nothing found out."""
    match run.facts:
        case CheckFacts() as facts:
            counts: dict[str, float | None] = {"Photos": facts.images, "Files measured": facts.measured}
            findings = {Finding(name).display: count for name, count in facts.findings.items()}
            draw_values(_known(counts | findings), "The results are recorded when the check finishes.")
        case PredictFacts() as facts:
            counts = {"Photos": facts.images, "Unreadable": facts.failed}
            scores = {"Accuracy": facts.accuracy, "Macro-F1": facts.macro_f1}
            draw_values(_known(counts | scores | facts.labels), "The results are recorded when the batch finishes.")
        case LRFinderFacts() as facts:
            found = {"Suggested": facts.suggested_learning_rate, "Seconds per step": facts.seconds_per_step}
            note = facts.learning_rate_note or "The learning rate is recorded when the finder finishes."
            draw_values(_known(found), note)


def _known(values: Mapping[str, float | None]) -> dict[str, str]:
    return {
        name: f"{value:,}" if isinstance(value, int) else f"{value:.3g}"
        for name, value in values.items()
        if value is not None
    }
