"""How many images each class has."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BAND_COLOURS, BLUE, ROLE_COLOURS, ROW_HEIGHT, lay_out, name_rows, plain
from wildcam.counting import counted
from wildcam.data.labels import LabelRole
from wildcam.profile import HEAD_ABOVE, TAIL_BELOW

LABEL = 3
"""Position of a bar's label in its `customdata`."""

_HOVER = "<b>%{customdata[0]}</b><br>photos: %{customdata[1]:,} (%{customdata[2]:.2%})<extra></extra>"


Bounds = tuple[int, int]
"""Images above which a class is of the head, and below which it is of the tail."""


def class_bars(
    classes: pd.DataFrame,
    *,
    log: bool = False,
    bounds: Bounds = (HEAD_ABOVE, TAIL_BELOW),
    title: Callable[[str], str] = str,
) -> go.Figure:
    """A bar for every class (`profile.CLASS_COLUMNS`), in the table's order, named by `title` of its label; `LABEL` of
    its data is the label.
    """
    figure = go.Figure()
    for rows, part, style in _parts(classes, bounds):
        figure.add_bar(y=rows, x=part["images"], orientation="h", **style)
    lay_out(figure, x="Photos", y="", height=90 + ROW_HEIGHT * len(classes))
    figure.update_xaxes(**_scale(classes, log))
    return name_rows(figure, classes["label"].map(title).tolist())


def rank_sizes(classes: pd.DataFrame, *, log: bool = True, bounds: Bounds = (HEAD_ABOVE, TAIL_BELOW)) -> go.Figure:
    """The size of every class by its rank: the shape of the long tail, names on hover, `LABEL` as in `class_bars`."""
    figure = go.Figure()
    for rows, part, style in _parts(classes, bounds):
        figure.add_bar(x=rows + 1, y=part["images"], marker_line_width=0, **style)
    lay_out(figure, x="Class rank by size", y="Photos").update_layout(bargap=0.1)
    return figure.update_yaxes(**_scale(classes, log))


def cumulative_share(classes: pd.DataFrame) -> go.Figure:
    """The share of all images that the largest 1, 2, 3 … classes hold together."""
    rank = np.arange(1, len(classes) + 1)
    figure = go.Figure(
        go.Scatter(
            x=rank,
            y=classes["cumulative_share"],
            mode="lines",
            line={"color": BLUE, "width": 3, "shape": "hv"},
            hovertemplate="the %{x} largest classes hold %{y:.2%}<extra></extra>",
        )
    )
    lay_out(figure, x="Class rank by size", y="Share of photos", height=260)
    return figure.update_yaxes(tickformat=".0%", range=[0, 1.03])


def _parts(classes: pd.DataFrame, bounds: Bounds) -> Iterator[tuple[np.ndarray, pd.DataFrame, dict[str, Any]]]:
    """Each group that occurs: its row numbers, its rows, and how its bars are drawn."""
    groups = _group(classes)
    for name, (title, colour) in _titles(*bounds).items():
        rows = np.flatnonzero(groups == name)
        if len(rows):
            part = classes.iloc[rows]
            style = {"name": title, "marker_color": colour, "customdata": _hover_data(part), "hovertemplate": _HOVER}
            yield rows, part, style


def _titles(head_above: int, tail_below: int) -> dict[str, tuple[str, str]]:
    """Title and colour of every group, in the order of the legend."""
    bands = {
        "head": f"Head: over {counted(head_above, 'photo')}",
        "middle": f"Middle: {tail_below:,} to {head_above:,}",
        "tail": f"Tail: under {tail_below:,}",
    }
    roles = (LabelRole.EMPTY, LabelRole.OTHER)
    return {name: (title, BAND_COLOURS[name]) for name, title in bands.items()} | {
        str(role): (role.display, ROLE_COLOURS[role]) for role in roles
    }


def _group(classes: pd.DataFrame) -> np.ndarray:
    """The key in `_titles` of every row: animals by band, the rest by role."""
    role = classes["role"].astype(str)
    return np.where(role == LabelRole.ANIMAL, classes["band"].astype(str), role)


def _hover_data(classes: pd.DataFrame) -> np.ndarray:
    return np.stack([classes["label"].map(plain), classes["images"], classes["share"], classes["label"]], axis=1)


def _scale(classes: pd.DataFrame, log: bool) -> dict[str, Any]:
    if not log:
        return {"rangemode": "tozero"}
    # A bar of one image would have no length on an axis that starts at 1.
    top = np.log10(max(classes["images"].max(), 10)) + 0.1
    return {"type": "log", "range": [np.log10(0.7), top], "dtick": 1, "tickformat": ",d"}
