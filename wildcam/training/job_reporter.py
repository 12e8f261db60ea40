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
from wildcam.training.whole_run import WholeRun

FEATURE_PHASES = 2
"""Training and validation photos."""

POINT_SECONDS = 1.0
"""Steps closer together than this share one point, their mean."""


class JobReporter(Reporter):
    """Turns a trainer's calls into points, progress and time left."""

    def __init__(self, job: Job, recipe: Recipe, whole: WholeRun) -> None:
        self.job = job
        self.whole = whole
        self.batch_size = recipe.batch_size
        self.epochs = recipe.total_epochs
        self._goes_on = job.run.started_at is not None  # an earlier worker of this run has left points
        self._steps: list[Mapping[str, float]] = []
        self._since = time.monotonic()
        self._epoch_began = self._since
        self._epoch_seconds: list[float] = []  # seconds, with validation and checkpoint
        self._phases: list[str] = []  # before the first epoch
        self._begun = False  # whether this process has trained a batch

    def phase(self, text: str) -> None:
        """Print it and show it as progress; an epoch is timed from its first image on."""
        print(text, flush=True)
        if not self._epoch_seconds and not self._begun:
            self._epoch_began = time.monotonic()
        self.job.report(phase=text)

    def step(self, epoch: int, step: int, steps: int, metrics: Mapping[str, float]) -> None:
        """Gather; a point at most each `POINT_SECONDS`."""
        if self._goes_on:
            self.job.note_resume(epoch=epoch - 1, step=(epoch - 1) * steps)
            self._goes_on = False
        self._steps.append(metrics)
        now = time.monotonic()
        self._begun = True
        whole = self.whole.training(epoch - 1 + step / steps)
        self.job.report(
            epoch=epoch,
            epochs=self.epochs,
            step=step,
            steps=steps,
            share=whole.share,
            seconds_left=whole.seconds_left,
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
        whole = self.whole.training(epoch)
        self.job.report(epoch=epoch, epochs=self.epochs, share=whole.share, seconds_left=whole.seconds_left)
        self.job.flush()
        now = time.monotonic()
        self._epoch_seconds.append(now - self._epoch_began)
        seconds = round(statistics.median(self._epoch_seconds), 3)
        self.job.store.write_facts(self.job.run.id, TrainFacts(seconds_per_epoch=seconds))
        self._epoch_began = now
        self._steps, self._since = [], now
        print(f"epoch {epoch}: " + ", ".join(f"{name} {value:.4g}" for name, value in metrics.items()), flush=True)

    def progress(self, phase: str, done: int, total: int) -> None:
        """Show how far the phase is; features of a probe are computed in several, the training photos' first."""
        if phase not in self._phases:
            self._phases.append(phase)
        share = (len(self._phases) - 1 + (done / total if total else 0.0)) / max(FEATURE_PHASES, len(self._phases))
        whole = self.whole.features(share)
        self.job.report(phase=phase, step=done, steps=total, share=whole.share, seconds_left=whole.seconds_left)

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
