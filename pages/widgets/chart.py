"""A chart with its data to download, whose marks may link to photos."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from wildcam.spreadsheet import to_csv


def draw_chart(
    figure: go.Figure,
    numbers: pd.DataFrame,
    *,
    key: str,
    name: str,
    whole: tuple[str, pd.DataFrame] | None = None,
    on_click: Callable[[Any], None] | None = None,
) -> None:
    """Draw the figure; `numbers` is the table behind it, `name` that of the file.

    `whole`: title and table of which the figure shows a part; `on_click` gets the `customdata` of the clicked mark.
    """
    config = {"displayModeBar": False}
    if on_click:
        react = partial(_react, key, on_click)
        st.plotly_chart(figure, key=key, config=config, on_select=react, selection_mode="points")
    else:
        st.plotly_chart(figure, key=key, config=config)
    with st.container(horizontal=True):
        draw_download(numbers, key=key, name=name, label="Chart data (CSV)")
        if whole:
            title, table = whole
            draw_download(table, key=f"{key}_whole", name=f"{name}-whole", label=title)


def draw_download(table: pd.DataFrame, *, key: str, name: str, label: str = "Download as CSV") -> None:
    """A button that downloads the table as CSV; it is written when the button is pressed."""
    st.download_button(
        label,
        partial(to_csv, table),
        f"{name}.csv",
        "text/csv",
        key=f"{key}_csv",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


def _react(key: str, on_click: Callable[[Any], None]) -> None:
    points = st.session_state[key].selection.points
    if points:
        on_click(points[0]["customdata"])
