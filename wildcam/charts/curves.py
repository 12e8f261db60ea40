"""The curves of a run: batches as a thin line, epochs as points, the best epoch marked.

`points` has the columns of `wildcam.runs.points.POINT_COLUMNS`; metrics that a figure does not show are passed over.
A figure keeps its zoom when it is drawn again with more points.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.style import BLUE, GREEN, ORANGE, SKY, VERMILION, lay_out
from wildcam.monitor import BestEpoch, Monitor

MOST_BATCHES = 1500
"""Points of a line of batches: more cannot be distinguished on a screen. Epochs are never thinned."""

_BATCHES = "Training, batch by batch"


@dataclass(frozen=True)
class CurveOptions:
    """How curves are drawn."""

    smoothing: float = 0.0  # share of the past in a running mean of the batches, 0 to below 1
    log: bool = False  # a logarithmic axis of losses
    monitor: str = "val_accuracy"  # the metric that names the best epoch


def loss_curves(points: pd.DataFrame, options: CurveOptions = CurveOptions()) -> go.Figure:
    """Training loss, with and without augmentation and dropout, and validation loss; the best epoch is marked."""
    lines = {
        "train_loss": ("Training", BLUE),
        "train_clean_loss": ("Training, without augmentation and dropout", ORANGE),
        "val_loss": ("Validation", VERMILION),
    }
    figure = _draw(points, "step_loss", lines, options.smoothing)
    lay_out(figure, x=_axis(points), y="Loss", zoom=True)
    if options.log:
        figure.update_yaxes(type="log")
    return _mark_best(figure, points, options.monitor, "val_loss", "{:.3f}")


def accuracy_curves(points: pd.DataFrame, options: CurveOptions = CurveOptions()) -> go.Figure:
    """Accuracy and macro-F1 of training and validation; the best epoch is marked."""
    lines = {
        "train_accuracy": ("Training", BLUE),
        "val_accuracy": ("Validation", VERMILION),
        "val_macro_f1": ("Validation, macro-F1", GREEN),
    }
    figure = _draw(points, "step_accuracy", lines, options.smoothing)
    lay_out(figure, x=_axis(points), y="Accuracy", zoom=True).update_yaxes(tickformat=".0%")
    return _mark_best(figure, points, options.monitor, "val_accuracy", "{:.1%}")


def rate_curve(points: pd.DataFrame) -> go.Figure:
    """The learning rate of every batch."""
    figure = _draw(points, "step_learning_rate", {}, 0.0, "Learning rate")
    lay_out(figure, x=_axis(points), y="Learning rate", height=240, zoom=True)
    rates = points.loc[points["metric"] == "step_learning_rate", "value"]
    if len(rates):  # left to itself, Plotly draws a rate that never changes on an axis from -1 to 1
        figure.update_yaxes(range=[0, 1.1 * rates.max()])
    return figure


def speed_curve(points: pd.DataFrame) -> go.Figure:
    """Images per second."""
    figure = _draw(points, "images_per_second", {}, 0.0, "Photos per second")
    lay_out(figure, x=_axis(points), y="Photos per second", height=240, zoom=True)
    return figure.update_yaxes(rangemode="tozero")


def overlay(curves: dict[str, pd.DataFrame], metric: str, title: str) -> go.Figure:
    """One metric of several runs, by name, epoch by epoch."""
    figure = go.Figure()
    for name, points in curves.items():
        rows = points[points["metric"] == metric].sort_values("step")
        figure.add_scatter(
            x=rows["step"],
            y=rows["value"],
            name=name,
            mode="lines+markers",
            uid=name,
            hovertemplate="epoch %{x}: %{y:.4f}",
        )
    return lay_out(figure, x="Epoch", y=title, zoom=True).update_layout(uirevision=metric)


def finder_curve(points: pd.DataFrame, suggested: float | None) -> go.Figure:
    """Loss over learning rate (`finder_learning_rate`, `finder_raw_loss`, `finder_loss`), with the suggestion."""
    steps = points.pivot_table(index="step", columns="metric", values="value")
    steps = steps.reindex(columns=["finder_learning_rate", "finder_raw_loss", "finder_loss"]).dropna(
        subset=["finder_learning_rate"]
    )
    figure = go.Figure()
    for metric, name, colour in (("finder_raw_loss", "Each batch", SKY), ("finder_loss", "Smoothed", BLUE)):
        figure.add_scatter(
            x=steps["finder_learning_rate"],
            y=steps[metric],
            name=name,
            mode="lines",
            uid=metric,
            line={"color": colour},
            hovertemplate="rate %{x:.2g}: loss %{y:.3f}<extra></extra>",
        )
    if suggested:
        figure.add_vline(suggested, line={"color": VERMILION, "dash": "dot", "width": 2})
    lay_out(figure, x="Learning rate", y="Loss", zoom=True).update_layout(uirevision="finder")
    return figure.update_xaxes(type="log", tickformat=".0e")


def best_epoch(points: pd.DataFrame, monitor: str) -> int | None:
    """The epoch that a run with this monitor keeps; None before the first."""
    rows = points[points["metric"] == monitor].sort_values("step")
    best = BestEpoch(Monitor(monitor))
    for epoch, value in zip(rows["step"], rows["value"], strict=True):
        best.consider(int(epoch), float(value))
    return best.epoch or None


def _draw(
    points: pd.DataFrame,
    batches: str,
    epochs: dict[str, tuple[str, str]],
    smoothing: float,
    batches_name: str = _BATCHES,
) -> go.Figure:
    figure = go.Figure()
    per_batch = points[points["metric"] == batches].sort_values("step")
    if len(per_batch):
        where = pd.Series(_epochs_of(per_batch, points))
        values = per_batch["value"].reset_index(drop=True).ewm(alpha=1 - smoothing).mean()
        kept = _thinned(len(values))
        figure.add_scatter(
            x=where.iloc[kept],
            y=values.iloc[kept],
            name=batches_name,
            mode="lines",
            uid=batches,
            line={"color": SKY, "width": 1},
            opacity=0.7,
            hovertemplate="%{y:.4g}<extra>batch</extra>",
        )
    for metric, (name, colour) in epochs.items():
        rows = points[points["metric"] == metric].sort_values("step")
        if len(rows):
            figure.add_scatter(
                x=rows["step"],
                y=rows["value"],
                name=name,
                mode="lines+markers",
                uid=metric,
                line={"color": colour, "width": 2},
                marker={"size": 6},
                hovertemplate="epoch %{x}: %{y:.4f}",
            )
    if 0 < len(_ends(points)) <= 12:
        figure.update_xaxes(dtick=1)
    return figure.update_layout(uirevision=_axis(points))


def _thinned(count: int) -> np.ndarray:
    """Positions of at most `MOST_BATCHES` points, evenly spread, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_BATCHES)).round().astype(int))


def _axis(points: pd.DataFrame) -> str:
    """Until the first epoch ends, the position of batches on the axis of epochs is unknown."""
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


def _mark_best(figure: go.Figure, points: pd.DataFrame, monitor: str, shown: str, format: str) -> go.Figure:
    """A ring around the best epoch's value of the metric that the figure shows."""
    epoch = best_epoch(points, monitor)
    here = points[(points["metric"] == shown) & (points["step"] == epoch)]
    for value in here["value"].head(1):
        figure.add_scatter(
            x=[epoch],
            y=[value],
            name=f"Best epoch: {epoch} ({format.format(value)})",
            mode="markers",
            marker={"symbol": "circle-open", "size": 15, "color": VERMILION, "line": {"width": 2}},
            hoverinfo="skip",
        )
    return figure
