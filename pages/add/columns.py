"""Add data: which column of a table holds what."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.add.files import SourceFile
from wildcam.data.importers import ColumnMap
from wildcam.data.importers.csv_table import guess_from_rows
from wildcam.data.importers.text_table import read_head

TITLES = {
    "path": "Photo's file",
    "label": "Label (species)",
    "location": "Camera",
    "datetime": "Date and time",
    "sequence": "Burst",
    "split": "Side (train, test)",
    "image_id": "Photo's number",
    "folder": "Folder of the file",
    "time": "Time of day",
    "frame": "Place in the burst",
    "width": "Width (px)",
    "height": "Height (px)",
}
HELP = {
    "path": "The file name, or the path below the photos' folder.",
    "folder": "Only where the photo's file is a bare name.",
    "time": "Only where the date stands alone.",
    "image_id": "Only where it differs for every photo. Else the file serves.",
}
MAIN_FIELDS = 6
NOT_THERE = ""
SHOWN_LENGTH = 24


def choose_columns(source: SourceFile) -> ColumnMap:
    """Draw a chooser for every field, with the guess; `""` = the table has no such column."""
    rows = _read_head(source.path, source.stamp)
    guess = guess_from_rows(rows, source.path.name)
    options = [NOT_THERE, *rows]
    examples = {str(name): str(rows[name].dropna().iloc[0]) for name in rows if rows[name].notna().any()}

    def title(name: str) -> str:
        return (f"{name}: {_short(examples[name])}" if name in examples else name) if name else "not there"

    chosen: dict[str, str] = {}
    st.markdown("**Which column holds what?** Look them through. Beside each name is its first value.")
    for names, place in (
        (list(TITLES)[:MAIN_FIELDS], st.container()),
        (list(TITLES)[MAIN_FIELDS:], st.expander("More columns")),
    ):
        with place:
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
def _read_head(path: Path, stamp: tuple[int, int]) -> pd.DataFrame:
    return read_head(path)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
