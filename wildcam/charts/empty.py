"""The share of empty images, with its confidence interval."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, ROW_HEIGHT, VERMILION, lay_out, name_rows, plain
from wildcam.charts.time import HOUR_TITLE, MONTH_TITLE, MONTHS

_AXIS = "Empty photos"
_HOVER = "<b>%{customdata[0]}</b><br>empty photos: %{customdata[1]:,} of %{customdata[2]:,}<extra></extra>"


def empty_share_by_hour(hours: pd.DataFrame, overall: float) -> go.Figure:
    """Share and interval for each hour (columns hour and `profile.EMPTY_COLUMNS`); a line at the share of all."""
    names = hours["hour"].map("{:02d}:00".format)
    return _upright(hours, hours["hour"], names, overall, HOUR_TITLE).update_xaxes(dtick=3, range=[-0.7, 23.7])


def empty_share_by_month(months: pd.DataFrame, overall: float) -> go.Figure:
    """Share and interval for each month (columns month and `profile.EMPTY_COLUMNS`); a line at the share of all."""
    figure = _upright(
        months, months["month"], months["month"].map(lambda month: MONTHS[month - 1]), overall, MONTH_TITLE
    )
    return figure.update_xaxes(tickvals=list(range(1, 13)), ticktext=[name[0] for name in MONTHS], range=[0.3, 12.7])


def empty_share_by_location(locations: pd.DataFrame, overall: float) -> go.Figure:
    """Share and interval for each row of locations (`profile.LOCATION_COLUMNS`), named, in the table's order."""
    figure = go.Figure(
        go.Scatter(
            y=list(range(len(locations))),
            x=locations["empty_share"],
            mode="markers",
            marker={"color": BLUE, "size": 8},
            error_x=_interval(locations),
            customdata=_hover_data(locations, locations["location"], "labelled"),
            hovertemplate="Location " + _HOVER,
        )
    )
    figure.add_vline(overall, line={"color": VERMILION, "dash": "dot", "width": 2})
    lay_out(figure, x=_AXIS, y="Location", height=80 + ROW_HEIGHT * len(locations))
    figure.update_xaxes(tickformat=".0%", range=[-0.02, 1.02])
    return name_rows(figure, locations["location"].tolist())


def _upright(table: pd.DataFrame, x: pd.Series, names: pd.Series, overall: float, title: str) -> go.Figure:
    figure = go.Figure(
        go.Scatter(
            x=x,
            y=table["empty_share"],
            mode="markers",
            marker={"color": BLUE, "size": 8},
            error_y=_interval(table),
            customdata=_hover_data(table, names, "images"),
            hovertemplate=_HOVER,
        )
    )
    figure.add_hline(overall, line={"color": VERMILION, "dash": "dot", "width": 2})
    return lay_out(figure, x=title, y=_AXIS, height=280).update_yaxes(tickformat=".0%", range=[-0.02, 1.02])


def _interval(table: pd.DataFrame) -> dict[str, object]:
    above, below = table["high"] - table["empty_share"], table["empty_share"] - table["low"]
    return {"type": "data", "array": above, "arrayminus": below, "color": BLUE, "thickness": 1.5, "width": 0}


def _hover_data(table: pd.DataFrame, names: pd.Series, total: str) -> list[tuple[str, int, int]]:
    return list(zip(names.map(plain), table["empty"], table[total], strict=True))
