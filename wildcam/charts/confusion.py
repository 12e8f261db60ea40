"""The confusion matrix."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.heat_map import clickable_heat_map, colour_bar, log_counts, powers_of_ten
from wildcam.charts.style import plain

GROUND_TRUTH, LABEL = 3, 4
"""Positions of the ground truth and of the verdict in the `customdata` of a cell."""


def confusion_matrix(counts: pd.DataFrame, *, by_share: bool = False) -> go.Figure:
    """Images by ground truth (rows) and verdict (columns), a darker cell for ten times as many;
    right answers on the diagonal.

    `by_share`: a darker cell for a larger share of its row.
    """
    targets, labels = counts.index.tolist(), counts.columns.tolist()
    values = counts.to_numpy()
    shares = values / np.maximum(values.sum(axis=1, keepdims=True), 1)
    by_shares = {"zmin": 0, "zmax": 1, "colorbar": colour_bar("Share of the ground truth") | {"tickformat": ".0%"}}
    return clickable_heat_map(
        np.where(shares > 0, shares, np.nan) if by_share else log_counts(values),
        labels,
        targets,
        present=values > 0,
        customdata=_cells(targets, labels, values, shares),
        hovertemplate="<b>%{customdata[0]}</b><br>predicted as %{customdata[1]}: %{customdata[2]}<extra></extra>",
        x="Prediction",
        y="Ground truth",
        margin=200,
        colours=by_shares if by_share else powers_of_ten(values),
    )


def _cells(targets: list[str], labels: list[str], values: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The `customdata` of every cell: ground truth and verdict as text, count and share, and both labels as they are.

    object, (targets, labels, 5)
    """
    cells = np.empty((*values.shape, 5), dtype=object)
    for row, ground_truth in enumerate(targets):
        for column, label in enumerate(labels):
            text = f"{values[row, column]:,} ({shares[row, column]:.0%})"
            cells[row, column] = (plain(ground_truth), plain(label), text, ground_truth, label)
    return cells
