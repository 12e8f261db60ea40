"""Points of curves as a table: one a step, without those that a resume has made void."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from mlflow.entities import Metric
from numpy.typing import NDArray

POINT_TYPES = {"metric": "str", "step": "int64", "wall_time": "float64", "value": "float64"}

POINT_COLUMNS = tuple(POINT_TYPES)
"""Columns of a table of points; `wall_time` in seconds since 1970."""


@dataclass(frozen=True)
class Resume:
    """A worker that went on from the end of `epoch` (global `step`), at `time` (seconds since 1970)."""

    epoch: int
    step: int
    time: float


@dataclass(frozen=True)
class Points:
    """The points of one metric as MLflow keeps them: in order of time. Each array: (N,)."""

    steps: NDArray[np.int64]
    times: NDArray[np.float64]
    values: NDArray[np.float64]

    def kept(self, cuts: Iterable[tuple[float, int]]) -> "Points":
        """In order of step, the last of each; where a cut (time, step) voids them, older points are left out."""
        kept = np.ones(len(self.steps), bool)
        for time, last_step in cuts:
            kept &= (self.times >= time) | (self.steps <= last_step)
        kept_ones = self._take(kept)
        ordered = kept_ones._take(np.lexsort((kept_ones.times, kept_ones.steps)))
        return ordered._take(np.append(np.diff(ordered.steps) != 0, True)[: len(ordered.steps)])

    def _take(self, which: NDArray) -> "Points":
        return Points(self.steps[which], self.times[which], self.values[which])


def to_points(history: Iterable[Metric]) -> Points:
    """MLflow's points as arrays."""
    rows = [(point.step, point.timestamp / 1000, point.value) for point in history]
    steps, times, values = zip(*rows, strict=True) if rows else ((), (), ())
    return Points(np.array(steps, np.int64), np.array(times, np.float64), np.array(values, np.float64))


def points_table(curves: Sequence[tuple[str, Points]]) -> pd.DataFrame:
    """All curves, one below the other, in order of their names."""
    curves = sorted(curves, key=lambda curve: curve[0])
    none = Points(np.empty(0, np.int64), np.empty(0), np.empty(0))
    every = [none, *(points for _, points in curves)]
    columns = {
        "metric": np.repeat(
            np.array([name for name, _ in curves], object), [len(points.steps) for _, points in curves]
        ),
        "step": np.concatenate([points.steps for points in every]),
        "wall_time": np.concatenate([points.times for points in every]),
        "value": np.concatenate([points.values for points in every]),
    }
    return pd.DataFrame(columns).astype(POINT_TYPES)
