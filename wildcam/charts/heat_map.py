"""Heat maps of counts, with cells that can be clicked."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from wildcam.charts.style import ROW_HEIGHT, lay_out, name_rows, plain, short


def clickable_heat_map(
    z: np.ndarray,
    columns: list[str],
    rows: list[str],
    *,
    present: np.ndarray,
    customdata: np.ndarray,
    hovertemplate: str,
    x: str,
    y: str,
    margin: int,
    colours: dict[str, Any],
) -> go.Figure:
    """A heat map of named columns and rows. `z`, `present` (bool): (rows, columns); `customdata`: (rows, columns, D).

    Only cells that are present can be clicked. `x`, `y`: titles of the axes; `margin`: height beside the rows, px;
    `colours`: scale and colour bar.
    """
    names, numbers = [plain(name) for name in columns], list(range(len(rows)))
    figure = go.Figure(
        [
            go.Heatmap(z=z, x=names, y=numbers, xgap=1, ygap=1, hoverinfo="skip", **colours),
            click_targets(names, numbers, present, customdata, hovertemplate),
        ]
    )
    lay_out(figure, x=x, y=y, height=margin + ROW_HEIGHT * len(rows))
    cut = {plain(name): short(name) for name in columns}
    figure.update_xaxes(type="category", labelalias=cut, tickangle=-90, showgrid=False, zeroline=False)
    return name_rows(figure, rows)


def click_targets(
    columns: list[Any], rows: list[Any], present: np.ndarray, customdata: np.ndarray, hovertemplate: str
) -> go.Scatter:
    """Invisible marks over the cells of a heat map: Streamlit has no click events of heat maps (its issue 8760).

    `columns`, `rows`: positions on the axes; `present`: bool, (rows, columns); `customdata`: (rows, columns, D).
    """
    row_numbers, column_numbers = np.nonzero(present)
    invisible = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=[columns[number] for number in column_numbers],
        y=[rows[number] for number in row_numbers],
        mode="markers",
        showlegend=False,
        marker={"symbol": "square", "size": ROW_HEIGHT - 2, "opacity": 0},
        selected=invisible,
        unselected=invisible,
        customdata=customdata[row_numbers, column_numbers],
        hovertemplate=hovertemplate,
    )


def log_counts(values: np.ndarray) -> np.ndarray:
    """The `z` of counts: their decimal logarithms, NaN for none."""
    return np.log10(np.where(values > 0, values, np.nan))


def powers_of_ten(values: np.ndarray) -> dict[str, Any]:
    """Scale and colour bar of `log_counts` of these counts."""
    most = max(values.max(initial=1), 1)
    powers = np.arange(np.floor(np.log10(most)) + 1)
    return {
        "zmin": -0.3,
        "zmax": max(1.0, np.log10(most)),
        "colorbar": colour_bar("Photos") | {"tickvals": powers, "ticktext": [f"{10**power:,.0f}" for power in powers]},
    }


def colour_bar(title: str) -> dict[str, Any]:
    """Above the chart, flat."""
    return {"title": title, "orientation": "h", "y": 1.0, "yanchor": "bottom", "thickness": 12}
