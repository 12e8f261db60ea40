"""The learning-rate range test: the suggested rate of a curve of losses over increasing rates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

LOWEST = 1e-6
HIGHEST = 1.0
STEPS = 100
DIVERGED = 4.0
"""The test ends where the smoothed loss is this many times its least value."""

_SMOOTHING = 0.9  # share of the past in the running mean; about ten steps
_WARM_UP = 10  # steps before the running mean says anything
_SLOW_STEPS = 5  # at the start: graphs are traced, memory is taken, files are opened

NO_RATE_FOUND = "No learning rate lowered the loss: the recipe's learning rate is kept."


@dataclass(frozen=True)
class LRRangeTest:
    """The result of a learning-rate range test."""

    suggested: float | None  # None where no rate lowered the loss
    seconds_per_step: float | None  # None of a single step


def rate_at(step: int) -> float:
    """The rate of a step (from 0): they rise exponentially from LOWEST to HIGHEST."""
    return float(LOWEST * (HIGHEST / LOWEST) ** (step / (STEPS - 1)))


def smoothed(losses: ArrayLike) -> NDArray[np.float64]:
    """Running mean of the losses, corrected for its start. (N,)"""
    mean, out = 0.0, []
    for step, loss in enumerate(np.asarray(losses, dtype=np.float64), start=1):
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * float(loss)
        out.append(mean / (1 - _SMOOTHING**step))
    return np.array(out)


def suggest_rate(rates: ArrayLike, losses: ArrayLike) -> float | None:
    """The rate at which the smoothed loss falls most steeply over the logarithm of the rate.

    That is the range test of Smith (2015, arXiv:1506.01186; 2017, arXiv:1708.07120) read as fastai's
    `steep` does; fastai's `valley` usually lies somewhat lower. None where the loss never falls.
    """
    curve = smoothed(losses)
    end = int(np.nanargmin(curve)) + 1 if np.isfinite(curve).any() else 0
    if end <= _WARM_UP + 1:
        return None
    log_rates = np.log(np.asarray(rates, dtype=np.float64)[_WARM_UP:end])
    slopes = np.gradient(curve[_WARM_UP:end], log_rates)
    steepest = int(np.argmin(slopes))
    return float(np.exp(log_rates[steepest])) if slopes[steepest] < 0 else None


def seconds_per_step(ends: Sequence[float]) -> float | None:
    """The median of the steps after the first few, from the times at which steps ended, in seconds."""
    seconds = np.diff(ends)
    usual = seconds[_SLOW_STEPS:] if len(seconds) > _SLOW_STEPS else seconds
    return float(np.median(usual)) if len(usual) else None
