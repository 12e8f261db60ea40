"""Shares at each threshold."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from wildcam.charts.style import GREY, lay_out


def operating_curves(shares: Mapping[str, Sequence[float]], threshold: float) -> go.Figure:
    """A line for each name, of shares, 0–1, at thresholds from 0 to 1 in even steps; the chosen one is marked."""
    figure = go.Figure(
        [
            go.Scatter(
                x=[k / (len(values) - 1) for k in range(len(values))],
                y=list(values),
                name=name,
                mode="lines",
                hovertemplate=f"{name}: %{{y:.1%}} at %{{x:.2f}}<extra></extra>",
            )
            for name, values in shares.items()
        ]
    )
    lay_out(figure, x="Threshold", y="", height=260)
    figure.add_vline(threshold, line={"color": GREY, "dash": "dash"})
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    return figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.2, "x": 0})
