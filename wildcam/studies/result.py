"""The result of a study: kept as `studies/<name>.json` in the home, and beside the docs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from wildcam import atomic
from wildcam.architectures.presets import Task
from wildcam.data.splits import SplitPolicy
from wildcam.evaluation.bootstrap import BootstrapEstimate

FOLDER = "studies"
UNDECIDED = "not decided at this size"


class StudySize(BaseModel):
    """How large a study is, and with it how much its verdict is worth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str = Field("demo", description="The data set to train and evaluate on.")
    task: Task = Field(Task.SPECIES, description="The task, where the study leaves it open.")
    split: SplitPolicy = Field(
        SplitPolicy.LOCATION, description="The split to compare a random one with, where the study leaves it open."
    )
    preset: str = Field("small_cnn", description="The network, where the study leaves it open.")
    image_size: int = Field(64, ge=32, description="Side of the square that the models see, px.")
    epochs: int = Field(12, ge=1, description="Of each training.")
    images: int = Field(0, ge=0, description="Training photos, at most; 0 uses all.")
    seeds: int = Field(3, ge=1, description="Trainings of each condition, with different seeds.")

    @model_validator(mode="after")
    def _has_honest_split(self) -> Self:
        if self.split is SplitPolicy.RANDOM:
            raise ValueError("a random split is the baseline of the studies: choose location, sequence or given")
        return self


class Figure(BaseModel):
    """A score of one condition, its mean over the seeds, with its confidence interval where it has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: str
    condition: str
    value: float
    low: float | None = None
    high: float | None = None


class CurvePoint(BaseModel):
    """A point of a curve of a study, its mean over the seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    condition: str
    curve: str
    epoch: int
    value: float


class Findings(BaseModel):
    """What a study finds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: str  # one sentence
    decided: bool
    figures: tuple[Figure, ...]
    curves: tuple[CurvePoint, ...] = ()
    notes: tuple[str, ...] = ()  # limits of the result
    evaluated_on: str  # which images of how many locations, in words


class StudyResult(BaseModel):
    """The findings, with all that it takes to reproduce them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str
    size: StudySize
    found: Findings
    runs: tuple[str, ...]  # ids of the trainings
    trained: int  # of these, made by this study; the others were there already
    command: str
    made_at: AwareDatetime
    minutes: float
    versions: dict[str, str]

    def write(self, folder: Path) -> Path:
        """As `<folder>/<study>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.study}.json"
        atomic.write_json(path, self)
        return path


def read_result(folder: Path, study: str) -> StudyResult | None:
    """The last result of a study; None where there is none that can be read."""
    try:
        return StudyResult.model_validate_json((folder / f"{study}.json").read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def figure(score: str, condition: str, estimate: BootstrapEstimate | float) -> Figure:
    """With the confidence interval of the bootstrap by location, where there is one."""
    if not isinstance(estimate, BootstrapEstimate):
        return Figure(score=score, condition=condition, value=float(estimate))
    values: dict[str, Any] = vars(estimate.interval)
    return Figure(score=score, condition=condition, **values)


@dataclass(frozen=True)
class Comparison:
    """Two conditions in one score."""

    decided: bool
    sentence: str


def compare(difference: BootstrapEstimate, first: str, second: str, score: str) -> Comparison:
    """`difference`: the first condition's score less the second's.

    It is decided where the confidence interval excludes zero.
    """
    interval = difference.interval
    better = first if interval.value > 0 else second
    verdict = f"{better} is better" if interval.excludes_zero else UNDECIDED
    return Comparison(interval.excludes_zero, f"{first} vs. {second}: {points(difference)} in {score}, {verdict}")


def points(difference: BootstrapEstimate) -> str:
    """A difference of shares in percentage points, with its confidence interval."""
    interval = difference.interval
    return f"{100 * interval.value:+.1f} points (95 % CI {100 * interval.low:+.1f} to {100 * interval.high:+.1f})"


def as_sentence(*clauses: str) -> str:
    """Clauses in one sentence, with a capital and a full stop."""
    text = "; ".join(clauses)
    return f"{text[0].upper()}{text[1:]}."
