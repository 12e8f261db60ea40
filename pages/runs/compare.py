"""Training runs side by side: overlaid curves, differences of their recipes, and whether their splits match."""

import streamlit as st

from pages.widgets.markdown import literal
from pages.widgets.url_state import url_param
from wildcam.charts.curves import overlay
from wildcam.counting import counted
from wildcam.runs.comparison import differences, have_the_same_split
from wildcam.runs.run import Run
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
    curves = {f"{run.name} ({run.id[:4]})": store.curves(run.id, [metric]) for run in compared}
    st.plotly_chart(overlay(curves, metric, METRICS[metric]), key="runs_overlay", config={"displaylogo": False})
    st.subheader("Recipe differences")
    table = differences(compared)
    if table.empty:
        st.caption("None: the runs have the same recipe.")
    else:
        st.dataframe(table.fillna("–"), key="runs_differences")
