"""The confusion matrix."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import ROW_HEIGHT, click_targets, lay_out, name_rows, plain, powers_of_ten, short

GROUND_TRUTH, LABEL = 3, 4
"""Positions of the ground truth and of the verdict in the `customdata` of a cell."""


def confusion_matrix(counts: pd.DataFrame, *, by_share: bool = False) -> go.Figure:
    """Images by ground truth (rows) and verdict (columns), a darker cell for ten times as many; right answers on the diagonal.

    `by_share`: a darker cell for a larger share of its row.
    """
    targets, labels = counts.index.tolist(), counts.columns.tolist()
    values = counts.to_numpy()
    columns, rows = [plain(label) for label in labels], list(range(len(targets)))
    shares = values / np.maximum(values.sum(axis=1, keepdims=True), 1)
    customdata = np.empty((*values.shape, 5), dtype=object)
    for row, ground_truth in enumerate(targets):
        for column, label in enumerate(labels):
            customdata[row, column] = (
                plain(ground_truth),
                plain(label),
                f"{values[row, column]:,} ({shares[row, column]:.0%})",
                ground_truth,
                label,
            )
    figure = go.Figure(
        [
            go.Heatmap(
                x=columns,
                y=rows,
                xgap=1,
                ygap=1,
                hoverinfo="skip",
                **(_shares(shares) if by_share else _counts(values)),
            ),
            click_targets(
                columns,
                rows,
                values > 0,
                customdata,
                "<b>%{customdata[0]}</b><br>predicted as %{customdata[1]}: %{customdata[2]}<extra></extra>",
            ),
        ]
    )
    lay_out(figure, x="Prediction", y="Ground truth", height=200 + ROW_HEIGHT * len(targets))
    cut = {plain(label): short(label) for label in labels}
    figure.update_xaxes(type="category", labelalias=cut, tickangle=-90, showgrid=False, zeroline=False)
    return name_rows(figure, targets)


def _counts(values: np.ndarray) -> dict[str, Any]:
    return {"z": np.log10(np.where(values > 0, values, np.nan)), **powers_of_ten(values)}


def _shares(shares: np.ndarray) -> dict[str, Any]:
    bar = {
        "title": "Share of the ground truth",
        "tickformat": ".0%",
        "orientation": "h",
        "y": 1.0,
        "yanchor": "bottom",
        "thickness": 12,
    }
    return {"z": np.where(shares > 0, shares, np.nan), "zmin": 0, "zmax": 1, "colorbar": bar}
