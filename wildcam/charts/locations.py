"""Photos and species of each location."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.heat_map import clickable_heat_map, log_counts, powers_of_ten
from wildcam.charts.style import BLUE, lay_out, plain

LOCATION = 2
"""Position of the location in the `customdata` of a bar of `images_by_location`."""

CELL_LOCATION, CELL_SPECIES = 3, 4
"""Positions of location and species in the `customdata` of a cell of `species_by_location`."""


def images_by_location(locations: pd.DataFrame) -> go.Figure:
    """A bar for every location (`profile.LOCATION_COLUMNS`), in the table's order; names on hover."""
    figure = go.Figure(
        go.Bar(
            x=np.arange(1, len(locations) + 1),
            y=locations["images"],
            marker_color=BLUE,
            marker_line_width=0,
            customdata=np.stack(
                [locations["location"].map(plain), locations["species"], locations["location"]], axis=1
            ),
            hovertemplate="<b>%{customdata[0]}</b><br>photos: %{y:,}<br>species: %{customdata[1]}<extra></extra>",
        )
    )
    lay_out(figure, x="Location, by number of photos", y="Photos", height=260)
    return figure.update_layout(bargap=0.1)


def species_by_location(counts: pd.DataFrame, title: Callable[[str], str] = str) -> go.Figure:
    """Images of species (rows, named by `title`) at locations (columns) as a map, darker for ten times as many."""
    species, locations = counts.columns.tolist(), counts.index.tolist()
    values = counts.to_numpy().T  # one row a species
    return clickable_heat_map(
        log_counts(values),
        locations,
        list(map(title, species)),
        present=values > 0,
        customdata=_cells(locations, species, values),
        hovertemplate="<b>%{customdata[1]}</b><br>location %{customdata[0]}: %{customdata[2]:,}<extra></extra>",
        x="Location",
        y="",
        margin=170,
        colours=powers_of_ten(values),
    )


def _cells(locations: list[str], species: list[str], values: np.ndarray) -> np.ndarray:
    """The `customdata` of every cell: location and species as drawn, its count, and location and species as they are.

    object, (species, locations, 5)
    """
    columns, rows = np.array(locations, dtype=object)[None, :], np.array(species, dtype=object)[:, None]
    drawn = (np.array([[plain(name) for name in row] for row in names], dtype=object) for names in (columns, rows))
    return np.dstack(np.broadcast_arrays(*drawn, values, columns, rows))
