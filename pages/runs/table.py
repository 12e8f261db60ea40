"""The runs in a table that is ticked, with selectable columns."""

from functools import partial
from typing import Literal

import streamlit as st
from streamlit.elements.arrow import DataframeStateInput

from pages.runs.chosen import write_chosen
from pages.widgets.url_state import url_list
from wildcam.runs.comparison import comparison
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State

MOST_ROWS, MOST_HEIGHT = 8, 320  # pixels: what is open stays in sight below the table

COLUMNS = {
    "state": st.column_config.TextColumn("State", pinned=True),
    "run": st.column_config.TextColumn("Run", pinned=True),
    "kind": st.column_config.TextColumn("Kind"),
    "preset": st.column_config.TextColumn("Preset"),
    "dataset": st.column_config.TextColumn("Data set"),
    "best_epoch": st.column_config.NumberColumn("Best epoch", format="%d"),
    "accuracy": st.column_config.NumberColumn(
        "Accuracy", format="percent", help="Of the exported model, on the subset of the column Scored on."
    ),
    "baseline": st.column_config.NumberColumn(
        "Baseline", format="percent", help="Accuracy of always predicting the most frequent class, on the same photos."
    ),
    "margin": st.column_config.NumberColumn(
        "To baseline", format="percent", help="Accuracy minus baseline, in points: below zero, the model knows nothing."
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
    "progress": st.column_config.ProgressColumn(
        "Progress", format="percent", min_value=0, max_value=1, help="Of the whole run."
    ),
    "left": st.column_config.TextColumn("Time left"),
    "sweep": st.column_config.TextColumn("Sweep", help="What varies; the same for all runs of one sweep."),
    "tags": st.column_config.TextColumn("Tags"),
    "note": st.column_config.TextColumn("Note"),
    "started": st.column_config.DatetimeColumn("Started", format="distance"),
    "submitted": st.column_config.DatetimeColumn("Submitted", format="distance"),
}
USUAL = ("state", "run", "kind", "dataset", "accuracy", "margin", "progress", "left", "started", "tags")
TABLE = "runs_table"
_TICKED = "runs_ticked"  # the ticks changed within the fragment: the rest of the page follows


def draw_table(runs: list[Run], columns: list[str], chosen: list[str]) -> None:
    """The runs, newest first, those that are open ticked. A tick opens a run, several ticks compare."""
    if st.session_state.pop(_TICKED, False):
        st.rerun()
    ids = [run.id for run in runs]
    rows = [position for position, run_id in enumerate(ids) if run_id in chosen]
    selection: DataframeStateInput = {"selection": {"rows": rows, "columns": [], "cells": []}}
    height: int | Literal["auto"] = MOST_HEIGHT if len(runs) > MOST_ROWS else "auto"
    if TABLE in st.session_state and sorted(st.session_state[TABLE]["selection"]["rows"]) != rows:
        st.session_state[TABLE] = selection  # the address changed, or the rows did
    table = comparison(runs)
    table["kind"] = table["kind"].map(lambda kind: Kind(kind).display)
    table["state"] = table["state"].map(lambda state: State(state).display)
    st.dataframe(
        table.astype(dict.fromkeys(("started", "submitted"), "timestamp[ms, UTC][pyarrow]")),
        hide_index=True,
        key=TABLE,
        height=height,
        column_order=columns,
        column_config={**COLUMNS, "id": None},
        placeholder="–",
        on_select=partial(_follow, runs, chosen),
        selection_mode="multi-row",
        selection_default=selection,
    )


def _follow(drawn: list[Run], chosen: list[str]) -> None:
    """`drawn`: the runs as they were when the user ticked; an open one that a filter hides is closed."""
    ticked = [drawn[row] for row in st.session_state[TABLE]["selection"]["rows"] if row < len(drawn)]
    ids = [run.id for run in ticked]
    kept = [run_id for run_id in chosen if run_id in ids]
    if [run.kind for run in ticked] != [Kind.TRAIN]:
        st.query_params.pop("tab", None)  # what opens now may lack it
    write_chosen(kept + [run_id for run_id in ids if run_id not in kept])
    st.session_state[_TICKED] = True


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
