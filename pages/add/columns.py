"""Add data: the columns of a table."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.add.files import SourceFile
from wildcam.data.importers import ColumnMap
from wildcam.data.importers.csv_table import guess_from_head

TITLES = {
    "path": "Photo file",
    "label": "Label (species)",
    "location": "Location",
    "datetime": "Date and time",
    "sequence": "Burst",
    "second_label": "Second label",
    "empty": "Mark for empty",
    "split": "Subset (train, test)",
    "image_id": "Photo ID",
    "folder": "Folder",
    "time": "Time of day",
    "frame": "Frame in the burst",
    "width": "Width (px)",
    "height": "Height (px)",
}
HELP = {
    "path": "File name, or path relative to the photo folder.",
    "folder": "Only if the photo file is a bare file name.",
    "second_label": "A second species of the same photo.",
    "empty": "A column with yes or no: photos without an animal, where they have no label.",
    "time": "Only if the date has a column of its own.",
    "image_id": "Only if it is unique for every photo; otherwise the file is used.",
}
MAIN_FIELDS = 8
NOT_THERE = ""
SHOWN_LENGTH = 24


def choose_columns(source: SourceFile) -> ColumnMap:
    """Draw a selector for every field, preset with the guess; `""` = the table has no such column."""
    guess, rows = _guess(source.path, source.stamp)
    options = [NOT_THERE, *rows]
    examples = {str(name): str(rows[name].dropna().iloc[0]) for name in rows if rows[name].notna().any()}

    def title(name: str) -> str:
        return (f"{name}: {_short(examples[name])}" if name in examples else name) if name else "not in the table"

    chosen: dict[str, str] = {}
    st.markdown("**Columns.** Check the guessed columns. Each is shown with its first value.")
    for names, container in (
        (list(TITLES)[:MAIN_FIELDS], st.container()),
        (list(TITLES)[MAIN_FIELDS:], st.expander("More columns")),
    ):
        with container:
            grid = st.grid(3, min_column_width=200)
            for name in names:
                chosen[name] = grid.selectbox(
                    TITLES[name],
                    options,
                    options.index(getattr(guess, name) or NOT_THERE),
                    format_func=title,
                    key=f"add_{name}_{source.path}_{source.stamp}",
                    help=HELP.get(name),
                )
    return ColumnMap(**chosen)


@st.cache_data(max_entries=20, show_spinner=False)
def _guess(path: Path, stamp: tuple[int, int]) -> tuple[ColumnMap, pd.DataFrame]:
    return guess_from_head(path)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
