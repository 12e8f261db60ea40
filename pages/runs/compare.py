"""Training runs side by side: overlaid curves, differences of their recipes, and whether their splits match."""

import streamlit as st

from pages.widgets.url_state import url_list, url_param
from wildcam.charts.curves import overlay
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
FIRST = 2


def draw_compare(store: RunStore, runs: list[Run]) -> None:
    trained = {run.id: run for run in runs if run.kind is Kind.TRAIN}
    if len(trained) < FIRST:
        st.info("Start at least two training runs to compare them.", icon=":material/info:")
        return
    chosen = st.multiselect(
        "Runs",
        list(trained),
        format_func=lambda run_id: f"{trained[run_id].name} ({run_id[:8]})",
        **url_list("compare", trained, list(trained)[:FIRST]),
    )
    compared = [trained[run_id] for run_id in chosen]
    if len(compared) < FIRST:
        st.info("Choose at least two runs.", icon=":material/info:")
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
