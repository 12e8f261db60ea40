"""All runs in a table, with the columns one picks; it renews itself while something runs."""

import streamlit as st

from pages.widgets.url_state import url_list
from wildcam.evaluation.comparison import comparison
from wildcam.runs.run import Run
from wildcam.runs.states import Kind

KIND_TITLES = {
    Kind.TRAIN: "training",
    Kind.CHECK: "check of files",
    Kind.PREDICT: "prediction",
    Kind.LR_FINDER: "search for a learning rate",
}
COLUMNS = {
    "run": st.column_config.TextColumn("Run", pinned=True),
    "what": st.column_config.TextColumn("What"),
    "state": st.column_config.TextColumn("State"),
    "preset": st.column_config.TextColumn("Preset"),
    "dataset": st.column_config.TextColumn("Data set"),
    "best_epoch": st.column_config.NumberColumn("Best epoch", format="%d"),
    "accuracy": st.column_config.NumberColumn("Accuracy", format="percent", help="On validation."),
    "macro_f1": st.column_config.NumberColumn(
        "Macro-F1", format="%.3f", help="Mean over classes, so that rare ones count as much as common ones."
    ),
    "gap": st.column_config.NumberColumn(
        "Gap", format="percent", help="Accuracy at cameras that training knows, minus accuracy at new ones."
    ),
    "trainable_parameters": st.column_config.NumberColumn("Trained parameters", format="localized"),
    "total_parameters": st.column_config.NumberColumn("Parameters", format="localized"),
    "seconds_per_epoch": st.column_config.NumberColumn(
        "Seconds per epoch", format="%.1f", help="Median, with validation and checkpoint."
    ),
    "milliseconds_per_image": st.column_config.NumberColumn(
        "ms per photo",
        format="%.1f",
        help="Of the exported model on the machine that trained it, one view, without reading the file.",
    ),
    "megabytes": st.column_config.NumberColumn("MB", format="%.1f", help="Of the exported model."),
    "note": st.column_config.TextColumn("Note"),
    "submitted": st.column_config.DatetimeColumn("Submitted", format="distance"),
}
USUAL = ("run", "what", "state", "preset", "dataset", "best_epoch", "accuracy", "macro_f1", "gap", "submitted")


def draw_table(runs: list[Run], columns: list[str]) -> None:
    """Every run; a click on a column's head sorts."""
    table = comparison(runs)
    table["what"] = table["what"].map(lambda kind: KIND_TITLES.get(Kind(kind), kind))
    st.dataframe(
        table.astype({"submitted": "timestamp[ms, UTC][pyarrow]"}),
        hide_index=True,
        key="runs_table",
        column_order=columns,
        column_config={**COLUMNS, "id": None},
        placeholder="–",
    )


def choose_columns() -> list[str]:
    """Draw the choice of the table's columns; kept in the address."""
    with st.popover("Columns", icon=":material/view_column:"):
        chosen = st.multiselect(
            "Columns of the table",
            list(COLUMNS),
            format_func=lambda name: str(COLUMNS[name]["label"]),
            **url_list("columns", COLUMNS, list(USUAL)),
        )
    return chosen or list(USUAL)
