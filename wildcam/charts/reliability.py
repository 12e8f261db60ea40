"""The reliability diagram."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREY, lay_out


def reliability(bins: pd.DataFrame) -> go.Figure:
    """Accuracy over confidence, `confidence, accuracy, images` a bin; on the dashed line a model is calibrated."""
    figure = go.Figure(
        [
            go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": GREY, "dash": "dash"}, hoverinfo="skip"),
            go.Scatter(
                x=bins["confidence"],
                y=bins["accuracy"],
                mode="lines+markers",
                line={"color": BLUE},
                customdata=bins[["images"]],
                hovertemplate="confidence %{x:.0%}, accuracy %{y:.0%}<br>photos: %{customdata[0]:,}<extra></extra>",
            ),
        ]
    )
    lay_out(figure, x="Confidence", y="Accuracy", height=300).update_layout(showlegend=False)
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02])
    return figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
