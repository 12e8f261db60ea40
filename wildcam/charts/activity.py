"""At which hours each species is active."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import ROW_HEIGHT, lay_out, name_rows, plain
from wildcam.charts.time import HOUR_TITLE


def activity_by_hour(counts: pd.DataFrame) -> go.Figure:
    """Images of species (rows) in each hour (columns 0–23) as a map: a row's darkest cell is its busiest hour."""
    values = counts.to_numpy()
    busiest = values.max(axis=1, keepdims=True, initial=1)
    species = np.array([plain(name) for name in counts.index], dtype=object)
    customdata = np.dstack([np.broadcast_to(species[:, None], values.shape), values])
    figure = go.Figure(
        go.Heatmap(
            z=values / busiest,
            x=list(range(24)),
            y=list(range(len(counts))),
            xgap=1,
            ygap=1,
            zmin=0,
            zmax=1,
            showscale=False,
            customdata=customdata,
            hovertemplate="<b>%{customdata[0]}</b><br>%{x}:00 to %{x}:59<br>photos: %{customdata[1]:,}<extra></extra>",
        )
    )
    lay_out(figure, x=HOUR_TITLE, y="", height=90 + ROW_HEIGHT * len(counts))
    figure.update_xaxes(dtick=3, showgrid=False, zeroline=False)
    return name_rows(figure, counts.index.tolist())
