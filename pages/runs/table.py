"""All runs in a table with selectable columns."""

import streamlit as st

from pages.widgets.url_state import url_list
from wildcam.runs.comparison import comparison
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State

COLUMNS = {
    "run": st.column_config.TextColumn("Run", pinned=True),
    "kind": st.column_config.TextColumn("Kind"),
    "state": st.column_config.TextColumn("State"),
    "preset": st.column_config.TextColumn("Preset"),
    "dataset": st.column_config.TextColumn("Data set"),
    "best_epoch": st.column_config.NumberColumn("Best epoch", format="%d"),
    "accuracy": st.column_config.NumberColumn(
        "Accuracy", format="percent", help="Of the exported model, on the subset of the column Scored on."
    ),
    "baseline": st.column_config.NumberColumn(
        "Baseline", format="percent", help="Accuracy of always predicting the most frequent class, on the same photos."
    ),
    "macro_f1": st.column_config.NumberColumn(
        "Macro-F1", format="%.3f", help="Mean F1 over classes: rare classes count as much as common ones."
    ),
    "scored_on": st.column_config.TextColumn("Scored on", help="The photos of the score. Empty: no model yet."),
    "gap": st.column_config.NumberColumn(
        "Location gap", format="percent", help="Accuracy at the training locations minus accuracy at new locations."
    ),
    "trainable_parameters": st.column_config.NumberColumn("Trainable parameters", format="localized"),
    "total_parameters": st.column_config.NumberColumn("Parameters", format="localized"),
    "seconds_per_epoch": st.column_config.NumberColumn(
        "Seconds per epoch", format="%.1f", help="Median, including validation and checkpoint."
    ),
    "milliseconds_per_image": st.column_config.NumberColumn(
        "ms per photo",
        format="%.1f",
        help="Exported model, one view, on the training machine, without file reading.",
    ),
    "megabytes": st.column_config.NumberColumn("Model size (MB)", format="%.1f"),
    "note": st.column_config.TextColumn("Note"),
    "submitted": st.column_config.DatetimeColumn("Submitted", format="distance"),
}
USUAL = (
    "run",
    "kind",
    "state",
    "preset",
    "dataset",
    "best_epoch",
    "accuracy",
    "baseline",
    "macro_f1",
    "scored_on",
    "submitted",
)


def draw_table(runs: list[Run], columns: list[str]) -> None:
    """Every run, newest first."""
    table = comparison(runs)
    table["kind"] = table["kind"].map(lambda kind: Kind(kind).display)
    table["state"] = table["state"].map(lambda state: State(state).display)
    st.dataframe(
        table.astype({"submitted": "timestamp[ms, UTC][pyarrow]"}),
        hide_index=True,
        key="runs_table",
        column_order=columns,
        column_config={**COLUMNS, "id": None},
        placeholder="–",
    )


def choose_columns() -> list[str]:
    """The columns of the table, kept in the address."""
    with st.popover("Columns", icon=":material/view_column:"):
        chosen = st.multiselect(
            "Columns",
            list(COLUMNS),
            format_func=lambda name: str(COLUMNS[name]["label"]),
            **url_list("columns", COLUMNS, list(USUAL)),
        )
    return chosen or list(USUAL)
