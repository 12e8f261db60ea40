"""How busy the machine was while a run computed."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREEN, ORANGE, PURPLE, lay_out

_SHARES = {
    "system/cpu_utilization_percentage": ("Processor", BLUE),
    "system/system_memory_usage_percentage": ("Memory", ORANGE),
    "system/gpu_0_utilization_percentage": ("GPU", GREEN),
    "system/gpu_0_memory_usage_percentage": ("GPU memory", PURPLE),
}


def system_use(points: pd.DataFrame) -> go.Figure:
    """Shares of processor, memory and first GPU over the minutes since the first sample
    (`runs.points.POINT_COLUMNS`).
    """
    rows = points[points["metric"].isin(list(_SHARES))].sort_values("wall_time")
    start = rows["wall_time"].min()
    figure = go.Figure()
    for metric, (name, colour) in _SHARES.items():
        part = rows[rows["metric"] == metric]
        if len(part):
            figure.add_scatter(
                x=(part["wall_time"] - start) / 60,
                y=part["value"] / 100,
                name=name,
                mode="lines",
                uid=metric,
                line={"color": colour, "width": 2},
                hovertemplate="%{y:.0%}",
            )
    lay_out(figure, x="Minutes", y="In use", height=240, zoom=True).update_layout(
        uirevision="system", hovermode="x unified"
    )
    return figure.update_yaxes(tickformat=".0%", range=[0, 1.03])
