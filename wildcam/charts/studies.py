"""What a study found: conditions side by side, and its curves."""

from collections.abc import Sequence

import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREEN, ORANGE, PURPLE, ROW_HEIGHT, SKY, VERMILION, lay_out, name_rows
from wildcam.studies.result import CurvePoint, Figure

_COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
_DASHES = ("solid", "dash")


def conditions(figures: Sequence[Figure]) -> go.Figure:
    """A mark a condition, with its range: figures of one score."""
    rows = list(range(len(figures)))
    reach = [
        (0.0 if one.high is None else one.high - one.value, 0.0 if one.low is None else one.value - one.low)
        for one in figures
    ]
    told = ["" if one.low is None or one.high is None else f" ({one.low:.3f} to {one.high:.3f})" for one in figures]
    figure = go.Figure(
        go.Scatter(
            x=[one.value for one in figures],
            y=rows,
            mode="markers",
            marker={"color": BLUE, "size": 9},
            customdata=told,
            error_x={"array": [up for up, _ in reach], "arrayminus": [down for _, down in reach], "color": BLUE},
            hovertemplate="%{x:.3f}%{customdata}<extra></extra>",
        )
    )
    lay_out(
        figure, x=figures[0].score[0].upper() + figures[0].score[1:], y="", height=70 + (ROW_HEIGHT + 8) * len(figures)
    )
    return name_rows(figure.update_layout(showlegend=False), [one.condition for one in figures])


def curves(points: Sequence[CurvePoint]) -> go.Figure:
    """A line a curve and condition, by epoch."""
    names = list(dict.fromkeys(point.curve for point in points))
    groups = list(dict.fromkeys(point.condition for point in points))
    figure = go.Figure()
    for condition in groups:
        for name in names:
            own = [point for point in points if (point.curve, point.condition) == (name, condition)]
            figure.add_scatter(
                x=[point.epoch for point in own],
                y=[point.value for point in own],
                mode="lines",
                name=f"{name}, {condition}",
                line={
                    "color": _COLOURS[names.index(name) % len(_COLOURS)],
                    "dash": _DASHES[groups.index(condition) % len(_DASHES)],
                },
            )
    return lay_out(figure, x="Epoch", y="Loss", height=380)
