"""The learning-rate range test: fastai's finder, and its suggestion `valley`."""

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fastai.callback.schedule import Learner, valley

from wildcam.training.fastai_backend.callbacks.lr_finder import LRFinderSteps
from wildcam.training.lr_range_test import LRRangeTest, seconds_per_step
from wildcam.training.trainer import Reporter

STEPS = 100
CUT_AT_START, CUT_AT_END = STEPS // 10, 5  # of the curve, as `lr_find` cuts it


def find_learning_rate(learner: Learner, reporter: Reporter) -> LRRangeTest:
    """Train briefly at increasing rates; weights and running statistics stay as they were."""
    steps = LRFinderSteps(reporter, STEPS)
    with tempfile.TemporaryDirectory() as folder, learner.added_cbs([steps]):
        learner.path = Path(folder)  # where the finder keeps them meanwhile
        learner.lr_find(num_it=STEPS, suggest_funcs=None, show_plot=False)
    suggested = suggest_rate(learner.recorder.lrs, [float(loss) for loss in learner.recorder.losses])
    return LRRangeTest(suggested, seconds_per_step(steps.ends))


def suggest_rate(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """A rate within the longest fall of the smoothed losses; None where they do not fall and `valley` would guess."""
    rates, losses = rates[CUT_AT_START:-CUT_AT_END], losses[CUT_AT_START:-CUT_AT_END]
    end = next((step for step, loss in enumerate(losses) if not math.isfinite(loss)), len(losses))
    if not end or min(losses[:end]) >= losses[0]:
        return None
    rate, _ = valley(rates[:end], losses[:end], STEPS)
    return float(rate)
