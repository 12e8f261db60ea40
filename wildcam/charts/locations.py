"""What each camera took, and which species it met."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, ROW_HEIGHT, lay_out, name_rows, plain, short


def photographs_by_location(locations: pd.DataFrame) -> go.Figure:
    """A bar for every camera (`profile.LOCATION_COLUMNS`), in the table's order; names on hover."""
    figure = go.Figure(
        go.Bar(
            x=np.arange(1, len(locations) + 1), y=locations["photographs"], marker_color=BLUE, marker_line_width=0,
            customdata=np.stack([locations["location"].map(plain), locations["species"]], axis=1),
            hovertemplate="<b>Camera %{customdata[0]}</b><br>%{y:,} photographs, %{customdata[1]} species<extra></extra>",
        )
    )  # fmt: skip
    lay_out(figure, x="Rank of the camera", y="Photographs", height=260)
    return figure.update_layout(bargap=0.1)


def species_by_location(counts: pd.DataFrame) -> go.Figure:
    """Photographs of species (columns) at cameras (rows) as a map, a darker cell for ten times as many."""
    species, cameras = counts.columns.tolist(), [plain(camera) for camera in counts.index]
    values = counts.to_numpy().T  # one row a species
    powers = np.arange(np.floor(np.log10(max(values.max(initial=1), 1))) + 1)
    figure = go.Figure(
        go.Heatmap(
            z=np.log10(np.where(values > 0, values, np.nan)),
            x=cameras, y=list(range(len(species))), xgap=1, ygap=1, hoverongaps=False,
            zmin=-0.3, zmax=max(1.0, np.log10(values.max(initial=1))),
            colorbar={
                "title": "Photographs", "tickvals": powers, "ticktext": [f"{10**power:,.0f}" for power in powers],
                "orientation": "h", "y": 1.0, "yanchor": "bottom", "thickness": 12,
            },
            customdata=_cells(cameras, [plain(name) for name in species], values),
            hovertemplate="<b>%{customdata[1]}</b><br>camera %{customdata[0]}: %{customdata[2]:,}<extra></extra>",
        )
    )  # fmt: skip
    lay_out(figure, x="", y="", height=170 + ROW_HEIGHT * len(species))
    cut = {plain(camera): short(camera) for camera in counts.index}
    figure.update_xaxes(type="category", labelalias=cut, tickangle=-90, showgrid=False, zeroline=False)
    return name_rows(figure, species)


def _cells(cameras: list[str], species: list[str], values: np.ndarray) -> np.ndarray:
    """Camera, species and count of every cell. object, (species, cameras, 3)"""
    cells = np.empty((*values.shape, 3), dtype=object)
    cells[..., 0] = np.array(cameras, dtype=object)[None, :]
    cells[..., 1] = np.array(species, dtype=object)[:, None]
    cells[..., 2] = values
    return cells
