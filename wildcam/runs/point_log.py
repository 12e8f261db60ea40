"""Points of a run's curves: written by its worker, read by everyone, also across resumes."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from uuid import uuid4

import pandas as pd
from mlflow.entities import Metric

from wildcam.runs.metric_names import STEP_METRICS, SYSTEM_PREFIX
from wildcam.runs.points import Resume, points_table, to_points
from wildcam.runs.reading import RunReader
from wildcam.runs.tags import Tag

_MOST_POINTS = 1_000  # MLflow's largest batch


class PointLog(RunReader):
    """Appends and reads points."""

    def log_points(self, run_id: str, points: Sequence[Metric]) -> None:
        """Append points of curves; one that is there already is not doubled."""
        for start in range(0, len(points), _MOST_POINTS):
            batch = points[start : start + _MOST_POINTS]
            sign = f"{max(point.timestamp for point in batch)} {uuid4().hex[:8]}"
            self.tracking.log(run_id, metrics=batch, tags={Tag.LOGGED: sign})  # MLflow writes them in this order

    def last_point_time(self, run_id: str) -> int:
        """When the last point was logged or the last resume noted, in milliseconds since 1970; 0 before the first."""
        logged = self.tracking.get_run(run_id).data.tags.get(Tag.LOGGED, "0").split()[0]
        return max([int(logged), *(int(resume.time * 1000) for resume in self._resumes(run_id))])

    def last_step(self, run_id: str, metric: str) -> int:
        """The highest step of a metric; 0 before its first point."""
        return max((point.step for point in self.tracking.read_history(run_id, metric)), default=0)

    def curves(self, run_id: str, metrics: Iterable[str]) -> pd.DataFrame:
        """Points of the metrics, `POINT_COLUMNS`, in order of step, one a step.

        Where a run was resumed, points after the checkpoint that it went on from are not shown twice.
        To watch a run, keep a `CurveReader`: it reads new points only.
        """
        histories = {name: to_points(self.tracking.read_history(run_id, name)) for name in metrics}
        cuts = self.cuts(run_id)  # after the points: a resume comes before the points that follow it
        return points_table([(name, points.kept(cuts(name))) for name, points in histories.items()])

    def cuts(self, run_id: str) -> Callable[[str], list[tuple[float, int]]]:
        """For a metric: at each resume, its time and the last step that still counts. The machine's use has none."""
        resumes = self._resumes(run_id)

        def cuts_of(metric: str) -> list[tuple[float, int]]:
            if metric.startswith(SYSTEM_PREFIX):
                return []
            return [(one.time, one.step if metric in STEP_METRICS else one.epoch) for one in resumes]

        return cuts_of

    def note_resume(self, run_id: str, *, epoch: int, step: int, at: float) -> None:
        """Remember that the run goes on from the end of `epoch` (global `step`); `at` by the clock of its points."""
        resumes = [*self._resumes(run_id), Resume(epoch, step, at)]
        self.tracking.log(run_id, tags={Tag.RESUMES: json.dumps([asdict(resume) for resume in resumes])})

    def _resumes(self, run_id: str) -> list[Resume]:
        return [Resume(**one) for one in json.loads(self.tracking.get_run(run_id).data.tags.get(Tag.RESUMES, "[]"))]
