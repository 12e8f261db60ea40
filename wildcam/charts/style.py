"""What all charts share: colours that a colour-blind reader tells apart, plain text, margins for a narrow screen.

Text, grid and background colours are left to the page's theme, so that light and dark both work.
"""

import html
from collections.abc import Sequence

import plotly.graph_objects as go

# Okabe & Ito 2008, Color Universal Design.
BLUE, SKY, ORANGE, VERMILION, GREEN, PURPLE, GREY = (
    "#0072B2",
    "#56B4E9",
    "#E69F00",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#999999",
)

ROLE_COLOURS = {"animal": GREEN, "empty": GREY, "other": PURPLE}
BAND_COLOURS = {"head": BLUE, "middle": SKY, "tail": ORANGE}

ROW_HEIGHT = 22
"""Pixels of a named bar."""

LONGEST_NAME = 28
"""Characters of a name on an axis: more would leave no room for bars on a phone."""


def plain(name: object) -> str:
    """A label as it is, for a chart that would read `<b>` in it as markup."""
    return html.escape(str(name), quote=False)


def short(name: object) -> str:
    """A label for an axis: cut with an ellipsis where it is long."""
    text = str(name)
    return plain(text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…")


def lay_out(figure: go.Figure, *, x: str, y: str, height: int = 320, zoom: bool = False) -> go.Figure:
    """Give a figure its axis titles, a legend above, and narrow margins; without `zoom` a finger scrolls past it."""
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "title": None},
        barcornerradius=2,
        hoverlabel={"align": "left"},
    )
    figure.update_xaxes(title=x, automargin=True, fixedrange=not zoom)
    figure.update_yaxes(title=y, automargin=True, fixedrange=not zoom)
    return figure


def name_rows(figure: go.Figure, names: Sequence[object]) -> go.Figure:
    """Write names beside the rows 0…n-1 of horizontal bars, the first on top."""
    ticks = {"tickvals": list(range(len(names))), "ticktext": [short(name) for name in names]}
    return figure.update_yaxes(**ticks, range=[len(names) - 0.5, -0.5], showgrid=False, zeroline=False)
