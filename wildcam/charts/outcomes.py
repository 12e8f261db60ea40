"""Right answers and errors of a batch by their source."""

from collections.abc import Mapping

import plotly.graph_objects as go

from wildcam.charts.style import BLUE, VERMILION, lay_out, name_rows


def outcomes(counts: Mapping[str, int], *, unit: str = "photos") -> go.Figure:
    """A bar for each outcome by its title, in the mapping's order; the first is the correct one.

    `unit`: in the plural.
    """
    total = max(sum(counts.values()), 1)
    figure = go.Figure(
        go.Bar(
            y=list(range(len(counts))),
            x=list(counts.values()),
            orientation="h",
            marker_color=[BLUE, *[VERMILION] * (len(counts) - 1)],
            text=[f"{count / total:.1%}" for count in counts.values()],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=f"{unit}: %{{x:,}}<extra></extra>",
        )
    )
    lay_out(figure, x=f"Number of {unit}", y="", height=60 + 32 * len(counts))
    figure.update_xaxes(range=[0, 1.15 * max(counts.values(), default=1)])
    return name_rows(figure, list(counts))
