"""Relative abundance, species accumulation, and the map of locations."""

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, ORANGE, ROW_HEIGHT, lay_out, name_rows, plain

MARKER_PX = 36
"""Diameter of the largest circle of the map."""


def relative_abundance(table: pd.DataFrame) -> go.Figure:
    """Detections per 100 trap nights with their interval, a row a species (`ecology.abundance.ABUNDANCE_COLUMNS`)."""
    has_interval = bool(table["low"].notna().all())
    figure = go.Figure(
        go.Scatter(
            x=table["per_100_nights"],
            y=list(range(len(table))),
            mode="markers",
            marker={"color": BLUE, "size": 9},
            error_x=_interval(table) if has_interval else None,
            customdata=table[["detections", "locations"]].assign(name=table["species"].map(plain)).to_numpy(),
            hovertemplate=(
                "<b>%{customdata[2]}</b><br>per 100 trap nights: %{x:.2f}<br>detections: %{customdata[0]:,}"
                "<br>locations: %{customdata[1]:,}<extra></extra>"
            ),
        )
    )
    lay_out(figure, x="Independent detections per 100 trap nights", y="", height=90 + ROW_HEIGHT * len(table))
    figure.update_xaxes(rangemode="tozero")
    return name_rows(figure, table["species"].tolist())


def species_accumulation(curve: pd.DataFrame) -> go.Figure:
    """Expected species by locations (`ecology.accumulation.ACCUMULATION_COLUMNS`)."""
    figure = go.Figure(
        go.Scatter(
            x=curve["locations"],
            y=curve["expected_species"],
            mode="lines+markers" if len(curve) < 30 else "lines",
            line={"color": BLUE},
            hovertemplate="locations: %{x:,}<br>species: %{y:.1f}<extra></extra>",
        )
    )
    lay_out(figure, x="Locations", y="Species, mean over all orders", height=300)
    return figure.update_yaxes(rangemode="tozero")


def location_map(places: pd.DataFrame) -> go.Figure:
    """Circles at `latitude`, `longitude` (degrees), their area by `detections`; names on hover.

    No map tiles: they would come from another computer.
    """
    largest = max(int(places["detections"].max()), 1)
    figure = go.Figure(
        go.Scatter(
            x=places["longitude"],
            y=places["latitude"],
            mode="markers",
            marker={
                "color": ORANGE,
                "opacity": 0.7,
                "size": places["detections"],
                "sizemode": "area",
                "sizeref": 2 * largest / MARKER_PX**2,
                "sizemin": 4,
            },
            customdata=places[["detections", "nights"]].assign(name=places["location"].map(plain)).to_numpy(),
            hovertemplate=(
                "<b>%{customdata[2]}</b><br>%{y:.4f}°, %{x:.4f}°<br>detections: %{customdata[0]:,}"
                "<br>trap nights: %{customdata[1]:,.0f}<extra></extra>"
            ),
        )
    )
    lay_out(figure, x="Longitude (°)", y="Latitude (°)", height=420, zoom=True)
    return figure.update_yaxes(scaleanchor="x", scaleratio=1)


def _interval(table: pd.DataFrame) -> dict[str, object]:
    rate = table["per_100_nights"]
    return {
        "type": "data",
        "symmetric": False,
        "array": table["high"] - rate,
        "arrayminus": rate - table["low"],
        "color": BLUE,
        "thickness": 1.2,
        "width": 3,
    }
