"""Training runs side by side: overlaid curves, differences of their recipes, and whether their splits match."""

import pandas as pd
import streamlit as st

from pages.widgets.markdown import literal
from pages.widgets.url_state import url_param
from wildcam.charts.curves import overlay
from wildcam.charts.sweep import parallel_coordinates
from wildcam.counting import counted
from wildcam.runs.comparison import differences, have_the_same_split
from wildcam.runs.run import Run
from wildcam.runs.score import score_of
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore

METRICS = {
    "val_loss": "Validation loss",
    "val_accuracy": "Validation accuracy",
    "val_macro_f1": "Validation macro-F1",
    "train_loss": "Training loss",
    "train_accuracy": "Training accuracy",
    "learning_rate": "Learning rate",
}
LEAST = 2
MOST_CURVES = 10
"""More lines over each other cannot be told apart."""


def draw_compare(store: RunStore, chosen: list[Run]) -> None:
    """Of the runs chosen, the training runs."""
    compared = [run for run in chosen if run.kind is Kind.TRAIN]
    if others := [run.name for run in chosen if run.kind is not Kind.TRAIN]:
        sentence = f"Training runs are compared; {counted(len(others), 'run is', 'runs are')} of another kind: "
        st.info(literal(f"{sentence}{', '.join(others)}."), icon=":material/info:")
    if len(compared) < LEAST:
        st.info("Tick at least two training runs to compare them.", icon=":material/info:")
        return
    if not have_the_same_split(compared):
        st.warning(
            "These runs have different splits, so their scores come from different validation photos and cannot be "
            "compared directly.",
            icon=":material/balance:",
        )
    metric = st.segmented_control(
        "Curve", list(METRICS), format_func=METRICS.__getitem__, required=True, wrap=True, **url_param("curve", METRICS)
    )
    if len(compared) > MOST_CURVES:
        st.caption(f"The curves of the first {MOST_CURVES} of {counted(len(compared), 'run')}; the tables have all.")
    curves = {f"{run.name} ({run.id[:4]})": store.curves(run.id, [metric]) for run in compared[:MOST_CURVES]}
    st.plotly_chart(overlay(curves, metric, METRICS[metric]), key="runs_overlay", config={"displaylogo": False})
    st.subheader("Recipe differences")
    table = differences(compared)
    if table.empty:
        st.caption("None: the runs have the same recipe.")
    else:
        st.dataframe(table.fillna("–"), key="runs_differences")
        _draw_scores(compared, table)


def _draw_scores(compared: list[Run], differing: pd.DataFrame) -> None:
    """What varies, with the score that came of it. `differing`: fields by runs, in the order of `compared`."""
    scores = [score_of(run) for run in compared]
    varied = differing.T.reset_index(drop=True)
    accuracy = pd.Series([score.scores.accuracy if score else None for score in scores], dtype="float64")
    known = accuracy.notna()
    if without := int((~known).sum()):
        st.caption(f"Without a score, and not drawn: {counted(without, 'run')}.")
    if known.sum() < LEAST:
        return
    st.subheader("What varies, and the score")
    st.caption("A line a run, coloured by accuracy on its validation photos. Drag along an axis to pick out runs.")
    left, right = st.columns([3, 2])
    figure = parallel_coordinates(varied[known], accuracy[known], "Accuracy")
    left.plotly_chart(figure, key="runs_parallel", config={"displayModeBar": False})
    names = pd.Series([run.name for run in compared], name="Run")
    table = pd.concat([accuracy.rename("Accuracy"), varied.fillna("–"), names], axis="columns")[known]
    right.dataframe(
        table.sort_values("Accuracy", ascending=False),
        hide_index=True,
        key="runs_sweep_scores",
        column_config={"Accuracy": st.column_config.NumberColumn(format="percent")},
    )
