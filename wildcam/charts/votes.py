"""The probabilities that a model gives to one image."""

from collections.abc import Sequence

import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREY, lay_out, name_rows, plain


def top_species(ranked: Sequence[tuple[str, float]]) -> go.Figure:
    """A bar for every (label, probability), the most likely on top and in colour; probabilities 0–1."""
    figure = go.Figure(
        go.Bar(
            y=list(range(len(ranked))),
            x=[probability for _, probability in ranked],
            orientation="h",
            marker_color=[BLUE, *[GREY] * (len(ranked) - 1)][: len(ranked)],
            text=[f"{probability:.1%}" for _, probability in ranked],
            textposition="outside",
            cliponaxis=False,
            customdata=[plain(label) for label, _ in ranked],
            hovertemplate="%{customdata}: %{x:.2%}<extra></extra>",
        )
    )
    lay_out(figure, x="Probability", y="", height=60 + 36 * len(ranked))
    figure.update_xaxes(tickformat=".0%", range=[0, 1.15], tickvals=[0, 0.25, 0.5, 0.75, 1])
    return name_rows(figure, [label for label, _ in ranked])
