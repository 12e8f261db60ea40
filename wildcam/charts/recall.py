"""Recall of each class."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, ROW_HEIGHT, lay_out, name_rows, plain

MOST_CLASSES = 40


def recall_bars(recall: pd.DataFrame) -> go.Figure:
    """A bar for each of the largest classes (`label`, `images`, `recall` 0–1), in the table's order."""
    shown = recall.head(MOST_CLASSES)
    figure = go.Figure(
        go.Bar(
            y=list(range(len(shown))),
            x=shown["recall"],
            orientation="h",
            marker_color=BLUE,
            customdata=list(zip(shown["label"].map(plain), shown["images"], strict=True)),
            hovertemplate="<b>%{customdata[0]}</b><br>recall %{x:.0%}<br>photos: %{customdata[1]:,}<extra></extra>",
        )
    )
    lay_out(figure, x="Recall", y="", height=70 + ROW_HEIGHT * len(shown))
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02])
    return name_rows(figure, shown["label"].tolist())
