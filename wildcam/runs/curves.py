"""Curves of a run that is watched: each reading asks only for the points that are new."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from mlflow.entities import Metric
from mlflow.entities import Run as MlflowRun

from wildcam.errors import RunError
from wildcam.runs.points import Points, points_table, to_points
from wildcam.runs.store import RunStore
from wildcam.runs.tags import Tag


class CurveReader:
    """The table of `RunStore.curves`, kept between readings. One reader a run and a viewer, not shared by threads.

    A reading without anything new costs one request for the run itself.
    """

    def __init__(self, store: RunStore, run_id: str, metrics: Iterable[str] | None = None) -> None:
        self._store = store
        self._run_id = run_id
        self._metrics = None if metrics is None else set(metrics)
        self._histories: dict[str, _History] = {}
        self._seen: tuple[str, ...] = ()
        self._table = points_table([])

    def read(self) -> pd.DataFrame:
        """All points so far, `POINT_COLUMNS`; of every metric of the run where none were named."""
        try:
            run = self._store.tracking.get_run(self._run_id)
            if (signs := _signs(run)) == self._seen:
                return self._table.copy(deep=False)
            for name in run.data.metrics:
                if self._metrics is None or name in self._metrics:
                    self._histories.setdefault(name, _History()).extend(self._store, self._run_id, name)
            cuts = self._store.cuts(self._run_id)  # after the points: a resume comes before the points that follow it
        except RunError as error:
            raise RunError(f"The curves of run {self._run_id[:8]} cannot be read just now: {error}") from error
        curves = [(name, history.points.kept(cuts(name))) for name, history in self._histories.items()]
        self._table, self._seen = points_table(curves), signs
        return self._table.copy(deep=False)


class _History:
    """What MLflow holds of one metric, in its order: by time, step and value."""

    def __init__(self) -> None:
        self.points = to_points([])
        self._last: Metric | None = None

    def extend(self, store: RunStore, run_id: str, name: str) -> None:
        """Read on from the last known point; where something was put before it, all is read anew."""
        known = len(self.points.steps)
        new = store.tracking.read_history(run_id, name, start=max(0, known - 1))
        if known and not (new and _same(new[0], self._last)):
            known, new = 0, store.tracking.read_history(run_id, name)
        self.points = to_points(new) if not known else _joined(self.points, to_points(new[1:]))
        self._last = new[-1] if new else None


def _joined(old: Points, new: Points) -> Points:
    return Points(
        np.concatenate([old.steps, new.steps]),
        np.concatenate([old.times, new.times]),
        np.concatenate([old.values, new.values]),
    )


def _same(point: Metric, other: Metric | None) -> bool:
    """Whether two points are one. NaN is itself here."""
    return other is not None and _identity(point) == _identity(other)


def _identity(point: Metric) -> tuple[int, int, str]:
    return point.timestamp, point.step, repr(point.value)


def _signs(run: MlflowRun) -> tuple[str, ...]:
    """What differs as soon as a point or a resume has been added."""
    tags = run.data.tags
    return tags.get(Tag.LOGGED, ""), tags.get(Tag.RESUMES, ""), repr(sorted(run.data.metrics.items()))
