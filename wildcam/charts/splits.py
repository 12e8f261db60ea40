"""How many images each subset of a split has."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREEN, ORANGE, SKY, lay_out, name_rows
from wildcam.data.splits import Subset

_COLOURS = {Subset.TRAIN: BLUE, Subset.ID_VAL: SKY, Subset.VAL: ORANGE, Subset.TEST: GREEN}


def subset_sizes(subsets: pd.DataFrame) -> go.Figure:
    """A bar for every subset that holds images (`profile.SUBSET_COLUMNS`)."""
    subsets = subsets[subsets["images"] > 0]
    figure = go.Figure(
        go.Bar(
            y=list(range(len(subsets))),
            x=subsets["images"],
            orientation="h",
            marker_color=[_COLOURS[Subset(subset)] for subset in subsets["subset"]],
            text=[f"{share:.1%}" for share in subsets["share"]],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="photos: %{x:,}<extra></extra>",
        )
    )
    lay_out(figure, x="Photos", y="", height=70 + 40 * len(subsets))
    figure.update_xaxes(range=[0, 1.15 * subsets["images"].max()])  # room for the shares
    return name_rows(figure, [Subset(subset).display for subset in subsets["subset"]])
