"""When photos were taken: through the day and through the year."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, ROLE_COLOURS, lay_out
from wildcam.data.labels import LabelRole

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
HOUR_TITLE, MONTH_TITLE = "Hour of the day, camera's clock", "Month, all years"


def images_by_hour(hours: pd.DataFrame) -> go.Figure:
    """Images for each hour (columns hour and `profile.EMPTY_COLUMNS`, unlabelled), stacked by role."""
    figure = _stacked(hours, hours["hour"], HOUR_TITLE)
    return figure.update_xaxes(dtick=3, range=[-0.7, 23.7])


def images_by_month(months: pd.DataFrame) -> go.Figure:
    """Images for each month (columns month and `profile.EMPTY_COLUMNS`, unlabelled), stacked by role."""
    figure = _stacked(months, months["month"], MONTH_TITLE)
    return figure.update_xaxes(tickvals=list(range(1, 13)), ticktext=[name[0] for name in MONTHS], range=[0.3, 12.7])


def _stacked(table: pd.DataFrame, x: pd.Series, title: str) -> go.Figure:
    figure = go.Figure(layout={"barmode": "stack", "hovermode": "x unified"})
    bars = [(role, LabelRole(role).display, colour) for role, colour in ROLE_COLOURS.items()]
    for column, name, colour in [*bars, ("unlabelled", "no label", BLUE)]:
        if table[column].any():
            figure.add_bar(x=x, y=table[column], name=name, marker_color=colour, hovertemplate="%{y:,}")
    return lay_out(figure, x=title, y="Photos", height=280)
