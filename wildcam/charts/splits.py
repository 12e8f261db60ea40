"""How photographs are dealt to the sides of a split."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREEN, ORANGE, SKY, lay_out, name_rows
from wildcam.data.splits import Side

SIDE_TITLES = {
    Side.TRAIN: "Training",
    Side.ID_VAL: "Validation: same cameras",
    Side.VAL: "Validation: new cameras",
    Side.TEST: "Test",
}
_COLOURS = {Side.TRAIN: BLUE, Side.ID_VAL: SKY, Side.VAL: ORANGE, Side.TEST: GREEN}


def side_sizes(sides: pd.DataFrame) -> go.Figure:
    """A bar for every side that holds photographs (`profile.SIDE_COLUMNS`)."""
    sides = sides[sides["photographs"] > 0]
    figure = go.Figure(
        go.Bar(
            y=list(range(len(sides))), x=sides["photographs"], orientation="h",
            marker_color=[_COLOURS[Side(side)] for side in sides["side"]],
            text=[f"{share:.1%}" for share in sides["share"]], textposition="outside", cliponaxis=False,
            hovertemplate="%{x:,} photographs<extra></extra>",
        )
    )  # fmt: skip
    lay_out(figure, x="Photographs", y="", height=70 + 40 * len(sides))
    figure.update_xaxes(range=[0, 1.15 * sides["photographs"].max()])  # room for the shares
    return name_rows(figure, [SIDE_TITLES[Side(side)] for side in sides["side"]])
