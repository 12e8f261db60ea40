"""The figures of a study: conditions side by side, and curves."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREEN, ORANGE, PURPLE, ROW_HEIGHT, SKY, VERMILION, lay_out, name_rows

_COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
_DASHES = ("solid", "dash")


def conditions(figures: pd.DataFrame, title: str) -> go.Figure:
    """A mark a condition, with its confidence interval: `condition, value, low, high`; low and high may be missing.

    `title`: of the axis.
    """
    bounds = figures[["low", "high"]].astype(float)
    value = figures["value"].astype(float)
    intervals = [
        f" ({low:.3f} to {high:.3f})" if low == low and high == high else ""  # NaN is not itself
        for low, high in zip(bounds["low"], bounds["high"], strict=True)
    ]
    figure = go.Figure(
        go.Scatter(
            x=value.tolist(),
            y=list(range(len(figures))),
            mode="markers",
            marker={"color": BLUE, "size": 9},
            customdata=intervals,
            error_x={
                "array": (bounds["high"] - value).fillna(0.0).tolist(),
                "arrayminus": (value - bounds["low"]).fillna(0.0).tolist(),
                "color": BLUE,
            },
            hovertemplate="%{x:.3f}%{customdata}<extra></extra>",
        )
    )
    lay_out(figure, x=title, y="", height=70 + (ROW_HEIGHT + 8) * len(figures))
    return name_rows(figure.update_layout(showlegend=False), figures["condition"].tolist())


def curves(points: pd.DataFrame) -> go.Figure:
    """A line a curve and condition, by epoch: `condition, curve, epoch, value`."""
    names, groups = points["curve"].unique().tolist(), points["condition"].unique().tolist()
    figure = go.Figure()
    for _, own in points.groupby(["condition", "curve"], sort=False):
        condition, name = own[["condition", "curve"]].iloc[0]
        figure.add_scatter(
            x=own["epoch"].tolist(),
            y=own["value"].tolist(),
            mode="lines",
            name=f"{name}, {condition}",
            line={
                "color": _COLOURS[names.index(name) % len(_COLOURS)],
                "dash": _DASHES[groups.index(condition) % len(_DASHES)],
            },
        )
    return lay_out(figure, x="Epoch", y="Loss", height=380)
