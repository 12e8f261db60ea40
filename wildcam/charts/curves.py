"""The curves of a run: batches as a thin line, epochs as points, the best epoch marked.

`points` has the columns of `wildcam.runs.store.POINT_COLUMNS`; metrics that a figure does not show are passed over.
A figure keeps its zoom when it is drawn again with more points.
"""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREEN, SKY, VERMILION, lay_out

_BATCHES = "Training, batch by batch"


def loss_curves(points: pd.DataFrame) -> go.Figure:
    """Loss of training and validation; the epoch of the least validation loss is marked."""
    figure = _draw(points, "step_loss", {"train_loss": ("Training", BLUE), "val_loss": ("Validation", VERMILION)})
    lay_out(figure, x=_axis(points), y="Loss", zoom=True)
    return _mark_best(figure, points[points["metric"] == "val_loss"].nsmallest(1, "value"), "{:.3f}")


def accuracy_curves(points: pd.DataFrame) -> go.Figure:
    """Accuracy and macro F1 of training and validation; the epoch of the best validation accuracy is marked."""
    lines = {
        "train_accuracy": ("Training", BLUE),
        "val_accuracy": ("Validation", VERMILION),
        "val_macro_f1": ("Validation, mean F1 of classes", GREEN),
    }
    figure = _draw(points, "step_accuracy", lines)
    lay_out(figure, x=_axis(points), y="Accuracy", zoom=True).update_yaxes(tickformat=".0%")
    return _mark_best(figure, points[points["metric"] == "val_accuracy"].nlargest(1, "value"), "{:.1%}")


def _draw(points: pd.DataFrame, batches: str, epochs: dict[str, tuple[str, str]]) -> go.Figure:
    figure = go.Figure()
    per_batch = points[points["metric"] == batches].sort_values("step")
    if len(per_batch):
        figure.add_scatter(
            x=_epochs_of(per_batch, points), y=per_batch["value"], name=_BATCHES, mode="lines", uid=batches,
            line={"color": SKY, "width": 1}, opacity=0.7, hovertemplate="%{y:.4f}<extra>batch</extra>",
        )  # fmt: skip
    for metric, (name, colour) in epochs.items():
        rows = points[points["metric"] == metric].sort_values("step")
        if len(rows):
            figure.add_scatter(
                x=rows["step"], y=rows["value"], name=name, mode="lines+markers", uid=metric,
                line={"color": colour, "width": 2}, marker={"size": 6}, hovertemplate="epoch %{x}: %{y:.4f}",
            )  # fmt: skip
    if 0 < len(_ends(points)) <= 12:
        figure.update_xaxes(dtick=1)
    return figure.update_layout(uirevision=_axis(points))


def _axis(points: pd.DataFrame) -> str:
    """Until an epoch ends, nobody knows how far batches are along the axis of epochs."""
    return "Epoch" if len(_ends(points)) else "Batch of the first epoch"


def _ends(points: pd.DataFrame) -> pd.Series:
    """When each epoch ended, in seconds, by its number."""
    rows = points[points["metric"].isin(["train_loss", "train_accuracy"])]
    return rows.groupby("step")["wall_time"].min()


def _epochs_of(per_batch: pd.DataFrame, points: pd.DataFrame) -> np.ndarray:
    """Where each batch lies on the axis: 0 at the start of the first epoch, 1 at its end."""
    steps, ends = per_batch["step"].to_numpy(), _ends(points)
    if ends.empty:
        return steps
    times = np.sort(per_batch["wall_time"].to_numpy())
    last_steps = steps[np.clip(np.searchsorted(times, ends, side="right") - 1, 0, None)]
    steps_per_epoch = max(last_steps[-1] / ends.index[-1], 1)
    after = np.maximum(steps - last_steps[-1], 0) / steps_per_epoch
    return np.interp(steps, [0, *last_steps], [0, *ends.index]) + after


def _mark_best(figure: go.Figure, best: pd.DataFrame, format: str) -> go.Figure:
    for epoch, value in zip(best["step"], best["value"], strict=True):
        figure.add_scatter(
            x=[epoch], y=[value], name=f"Best: {format.format(value)} in epoch {epoch}", mode="markers",
            marker={"symbol": "circle-open", "size": 15, "color": VERMILION, "line": {"width": 2}}, hoverinfo="skip",
        )  # fmt: skip
    return figure
