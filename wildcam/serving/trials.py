"""What was measured at a model's export to decide how it serves: views, closer look, number format."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.serving.tta import ViewSet

LEAST_IMAGES = 20
"""Photos below which a gain says nothing, whatever its interval: a bootstrap of a few photos is too narrow."""


class EnginePrecision(Choice):
    """The number format that an engine computes in."""

    FLOAT32 = "float32", "float32"
    BFLOAT16 = "bfloat16", "bfloat16"


class PrecisionTrial(BaseModel):
    """A number format against float32, on validation images."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    precision: EnginePrecision
    parity: float = Field(ge=0)  # largest difference of a probability
    changes: float = Field(ge=0, le=1)  # share of the answers that are other ones
    speed: float = Field(gt=0)  # images a second, as a multiple of float32's
    images: int


class Gain(BaseModel):
    """What a way of looking gains over one view of the whole image: accuracy, with its 95 % interval, and its cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float  # of the accuracy, 0–1
    low: float
    high: float
    cost: float = Field(gt=0)  # time, as a multiple of one view's
    images: int

    @property
    def is_measured(self) -> bool:
        """Whether it was tried on enough photos to say anything."""
        return self.images >= LEAST_IMAGES

    @property
    def is_certain(self) -> bool:
        """Whether the interval lies above zero."""
        return self.is_measured and self.high > self.low > 0  # one location gives no interval

    def describe(self) -> str:
        """`+1.2 points (95 % CI 0.3 to 2.0), 3.1 × the time`."""
        value, low, high = (100 * figure for figure in (self.value, self.low, self.high))
        return f"{value:+.1f} points (95 % CI {low:.1f} to {high:.1f}), {self.cost:.1f} × the time"


class ViewTrial(BaseModel):
    """A set of views against the image as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    view_set: ViewSet
    views: int
    gain: Gain

    def describe(self) -> str:
        """The set in words."""
        return (
            f"{counted(self.views, 'view')} ({self.view_set.display})"
            if self.views > 2
            else "2 views (with the mirror image)"
        )


class CloserTrial(BaseModel):
    """The closer look at the weight that validation prefers, against the whole image alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: float = Field(ge=0, le=1)
    gain: Gain

    @property
    def preferred(self) -> float:
        """The weight where its gain is certain; 0 where no closer look does as well."""
        return self.weight if self.gain.is_certain else 0.0

    def describe(self) -> str:
        """The look in words, and where it looked: a pair looks where stage 1 has evidence."""
        if not self.weight:
            return "Closer look: does not help this model."
        if not self.gain.is_measured:
            return f"Closer look: {_too_few(self.gain)} tell whether it helps this model."
        helps = "" if self.preferred else "no certain gain; "
        return (
            f"Closer look: {helps}weight {self.weight:.1f} gave {self.gain.describe()}, with this model's own evidence "
            "(in a pair, stage 1's evidence comes first)."
        )


def best_views(trials: Iterable[ViewTrial]) -> ViewTrial | None:
    """The set with the largest gain among those whose gain is certain; None where one view does as well."""
    return max((trial for trial in trials if trial.gain.is_certain), key=lambda trial: trial.gain.value, default=None)


def describe_views(trials: Iterable[ViewTrial]) -> str:
    """What more views are worth, in a sentence; "" where nobody measured it."""
    tried = list(trials)
    if not tried:
        return ""
    if best := best_views(tried):
        return f"{best.describe()}: {best.gain.describe()}."
    if not tried[0].gain.is_measured:
        return f"1 view: {_too_few(tried[0].gain)} tell whether more views help this model."
    nearest = max(tried, key=lambda trial: trial.gain.value)
    return f"1 view: more views do not help this model; {nearest.describe()} gave {nearest.gain.describe()}."


def _too_few(gain: Gain) -> str:
    return f"too few validation photos ({gain.images}) to"
