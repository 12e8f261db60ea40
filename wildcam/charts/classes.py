"""How many photographs each class has."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BAND_COLOURS, ROLE_COLOURS, ROLE_TITLES, ROW_HEIGHT, lay_out, name_rows, plain
from wildcam.data.labels import LabelRole
from wildcam.data.profile import HEAD_ABOVE, TAIL_BELOW

_GROUPS = {
    "head": (f"Head: over {HEAD_ABOVE} photographs", BAND_COLOURS["head"]),
    "middle": (f"Middle: {TAIL_BELOW} to {HEAD_ABOVE}", BAND_COLOURS["middle"]),
    "tail": (f"Tail: under {TAIL_BELOW}", BAND_COLOURS["tail"]),
    "empty": (ROLE_TITLES["empty"], ROLE_COLOURS["empty"]),
    "other": (ROLE_TITLES["other"], ROLE_COLOURS["other"]),
}
_HOVER = "<b>%{customdata[0]}</b><br>%{customdata[1]:,} photographs, %{customdata[2]:.2%}<extra></extra>"


def class_bars(classes: pd.DataFrame, *, log: bool = False) -> go.Figure:
    """A named bar for every class (`profile.CLASS_COLUMNS`), in the table's order."""
    figure = go.Figure()
    for rows, part, look in _parts(classes):
        figure.add_bar(y=rows, x=part["photographs"], orientation="h", **look)
    lay_out(figure, x="Photographs", y="", height=90 + ROW_HEIGHT * len(classes))
    figure.update_xaxes(**_scale(classes, log))
    return name_rows(figure, classes["label"].tolist())


def rank_sizes(classes: pd.DataFrame, *, log: bool = True) -> go.Figure:
    """The size of every class by its rank: the shape of the long tail, names on hover."""
    figure = go.Figure()
    for rows, part, look in _parts(classes):
        figure.add_bar(x=rows + 1, y=part["photographs"], marker_line_width=0, **look)
    lay_out(figure, x="Rank of the class by size", y="Photographs").update_layout(bargap=0.1)
    return figure.update_yaxes(**_scale(classes, log))


def _parts(classes: pd.DataFrame) -> Iterator[tuple[np.ndarray, pd.DataFrame, dict[str, Any]]]:
    """Each group that occurs: its row numbers, its rows, and how its bars look."""
    groups = _group(classes)
    for name, (title, colour) in _GROUPS.items():
        rows = np.flatnonzero(groups == name)
        if len(rows):
            part = classes.iloc[rows]
            look = {"name": title, "marker_color": colour, "customdata": _hover_data(part), "hovertemplate": _HOVER}
            yield rows, part, look


def _group(classes: pd.DataFrame) -> np.ndarray:
    """The key in `_GROUPS` of every row: animals by band, the rest by role."""
    role = classes["role"].astype(str)
    return np.where(role == LabelRole.ANIMAL, classes["band"].astype(str), role)


def _hover_data(classes: pd.DataFrame) -> np.ndarray:
    return np.stack([classes["label"].map(plain), classes["photographs"], classes["share"]], axis=1)


def _scale(classes: pd.DataFrame, log: bool) -> dict[str, Any]:
    if not log:
        return {"rangemode": "tozero"}
    # A bar of one photograph would have no length on an axis that starts at 1.
    top = np.log10(max(classes["photographs"].max(), 10)) + 0.1
    return {"type": "log", "range": [np.log10(0.7), top], "dtick": 1, "tickformat": ",d"}
