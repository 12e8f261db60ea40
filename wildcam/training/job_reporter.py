"""Turns a trainer's reports into a run's points, progress and time left."""

import math
import statistics
import time
from collections.abc import Mapping

import numpy as np

from wildcam.runs.facts import TrainFacts
from wildcam.runs.job import Job
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Reporter

POINT_SECONDS = 1.0
"""Steps closer together than this share one point, their mean."""


class JobReporter(Reporter):
    """Turns a trainer's calls into points, progress and time left."""

    def __init__(self, job: Job, recipe: Recipe) -> None:
        self.job = job
        self.batch_size = recipe.batch_size
        self.epochs = recipe.total_epochs
        self._goes_on = job.run.started_at is not None  # an earlier worker of this run has left points
        self._steps: list[Mapping[str, float]] = []
        self._since = time.monotonic()
        self._epoch_began = self._since
        self._epoch_seconds: list[float] = []  # seconds, with validation and checkpoint
        self._begun: tuple[float, float] | None = None  # when and at which fraction this process began to train

    def phase(self, text: str) -> None:
        """Print it and show it as progress; an epoch is timed from its first image on."""
        print(text, flush=True)
        if not self._epoch_seconds and self._begun is None:
            self._epoch_began = time.monotonic()
        self.job.report(phase=text)

    def step(self, epoch: int, step: int, steps: int, metrics: Mapping[str, float]) -> None:
        """Gather; a point at most each `POINT_SECONDS`."""
        if self._goes_on:
            self.job.note_resume(epoch=epoch - 1, step=(epoch - 1) * steps)
            self._goes_on = False
        self._steps.append(metrics)
        now = time.monotonic()
        self.job.report(
            epoch=epoch,
            epochs=self.epochs,
            step=step,
            steps=steps,
            seconds_left=self._left(now, epoch - 1 + step / steps),
        )
        if now - self._since < POINT_SECONDS:
            return
        means = {name: float(np.mean([row[name] for row in self._steps])) for name in metrics}
        means["step_learning_rate"] = means.pop("learning_rate", 0.0)
        means["images_per_second"] = len(self._steps) * self.batch_size / (now - self._since)
        self.job.log((epoch - 1) * steps + step, means)
        self._steps, self._since = [], now

    def epoch(self, epoch: int, metrics: Mapping[str, float]) -> None:
        """A point of every metric, and a line of the log. All points are stored before the checkpoint that follows."""
        self.job.log(epoch, metrics)
        self.job.flush()
        now = time.monotonic()
        self._epoch_seconds.append(now - self._epoch_began)
        seconds = round(statistics.median(self._epoch_seconds), 3)
        self.job.store.write_facts(self.job.run.id, TrainFacts(seconds_per_epoch=seconds))
        self._epoch_began = now
        self._steps, self._since = [], now
        print(f"epoch {epoch}: " + ", ".join(f"{name} {value:.4g}" for name, value in metrics.items()), flush=True)

    def progress(self, phase: str, done: int, total: int) -> None:
        """Show how far the phase is."""
        self.job.report(phase=phase, step=done, steps=total)

    def finder_step(self, step: int, steps: int, metrics: Mapping[str, float]) -> None:
        """A point of every metric that is a number; a loss that ran away is none."""
        self.job.report(step=step, steps=steps)
        self.job.log(step, {name: value for name, value in metrics.items() if math.isfinite(value)})

    def write_facts(self, facts: TrainFacts) -> None:
        """Keep facts of the run."""
        self.job.write_facts(facts)

    def stop_requested(self) -> bool:
        """Whether a stop of this run is requested."""
        return self.job.stop_requested()

    def _left(self, now: float, done: float) -> float | None:
        if self._begun is None or done <= self._begun[1]:
            self._begun = self._begun or (now, done)
            return None
        return (now - self._begun[0]) / (done - self._begun[1]) * (self.epochs - done)
