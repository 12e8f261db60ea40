"""Stage 1 at every threshold."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREY, lay_out


def roc(points: pd.DataFrame) -> go.Figure:
    """Animal recall over retained blanks, `threshold, retained_blanks, animal_recall`; chance is the dashed line."""
    figure = _curve(points, "retained_blanks", "animal_recall", "Retained blanks", "Animal recall")
    chance = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": GREY, "dash": "dash"}, hoverinfo="skip")
    return figure.add_trace(chance)


def precision_recall(points: pd.DataFrame) -> go.Figure:
    """Precision over recall of animals: `threshold, precision, recall`."""
    return _curve(points, "recall", "precision", "Animal recall", "Animal precision")


def filter_costs(costs: pd.DataFrame) -> go.Figure:
    """Missed animals over the images that need no review, `threshold, missed_animals, saved`."""
    return _curve(costs, "saved", "missed_animals", "Photos saved from review", "Missed animals")


def _curve(points: pd.DataFrame, x: str, y: str, x_title: str, y_title: str) -> go.Figure:
    line = go.Scatter(
        x=points[x],
        y=points[y],
        mode="lines",
        line={"color": BLUE},
        customdata=points[["threshold"]],
        hovertemplate=f"{x_title.lower()} %{{x:.1%}}<br>{y_title.lower()} %{{y:.1%}}<br>threshold "
        f"%{{customdata[0]:.2f}}<extra></extra>",
    )
    figure = lay_out(go.Figure([line]), x=x_title, y=y_title, height=300).update_layout(showlegend=False)
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02])
    return figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
