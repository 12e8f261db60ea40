"""A map of photos: alike ones lie near each other."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, lay_out, plain

OTHERS = "others"
_COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
NAMED = len(_COLOURS)
"""Values with a colour of their own; all others are grey."""


def similarity_map(points: pd.DataFrame, values: pd.Series) -> go.Figure:
    """A point for each photo. `points`: `image_id`, `x`, `y`; `values`: what decides on its colour, row by row."""
    named = [value for value in values.value_counts().index if value != ""][:NAMED]
    figure = go.Figure()
    groups = values.where(values.isin(named), OTHERS)
    for value, colour in ((OTHERS, GREY), *zip(named, _COLOURS, strict=False)):
        own = points[(groups == value).to_numpy()]
        if own.empty:
            continue
        figure.add_scattergl(
            x=own["x"],
            y=own["y"],
            mode="markers",
            name=plain(value),
            marker={"size": 5, "color": colour, "opacity": 0.5 if value == OTHERS else 0.8},
            customdata=own["image_id"].to_numpy()[:, None],
            text=[plain(value) for value in values[own.index]],
            hovertemplate="%{text}<extra></extra>",
        )
    lay_out(figure, x="", y="", height=460, zoom=True)
    figure.update_xaxes(showticklabels=False, showgrid=False, zeroline=False)
    figure.update_yaxes(showticklabels=False, showgrid=False, zeroline=False, scaleanchor="x")
    return figure.update_layout(dragmode="lasso")
