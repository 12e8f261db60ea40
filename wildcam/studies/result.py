"""What a study found: kept as `studies/<name>.json` in the home, and beside the docs."""

from pathlib import Path
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from wildcam import atomic
from wildcam.architectures.presets import Task
from wildcam.data.splits import SplitPolicy
from wildcam.evaluation.bootstrap import BootstrapEstimate

FOLDER = "studies"


class StudySize(BaseModel):
    """How large a study is: what its verdict can be worth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str = Field("demo", description="The data set to learn from and to judge on.")
    task: Task = Field(Task.SPECIES, description="What is learned, where the study leaves it open.")
    split: SplitPolicy = Field(
        SplitPolicy.LOCATION, description="What counts as an honest split, where the study leaves it open."
    )
    preset: str = Field("small_cnn", description="The network, where the study leaves it open.")
    image_size: int = Field(64, ge=32, description="Side of the square that the models see, px.")
    epochs: int = Field(12, ge=1, description="Of each training.")
    images: int = Field(0, ge=0, description="To train on, at most; 0 takes all.")
    seeds: int = Field(3, ge=1, description="Trainings of each kind, from different random numbers.")

    @model_validator(mode="after")
    def _has_honest_split(self) -> Self:
        if self.split is SplitPolicy.RANDOM:
            raise ValueError("a random split is what studies are held against: choose location, sequence or given")
        return self


class Figure(BaseModel):
    """A score of one condition, its mean over the seeds, with its range where it has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: str
    condition: str
    value: float
    low: float | None = None
    high: float | None = None


class CurvePoint(BaseModel):
    """A point of a curve that a study shows, its mean over the seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    condition: str
    curve: str
    epoch: int
    value: float


class Findings(BaseModel):
    """What a study works out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: str  # one sentence
    decided: bool
    figures: tuple[Figure, ...]
    curves: tuple[CurvePoint, ...] = ()
    notes: tuple[str, ...] = ()  # what to know before believing it
    evaluated_on: str  # which images of how many cameras, in words


class StudyResult(BaseModel):
    """What was found, with all that it takes to do it again."""

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


def figure(score: str, condition: str, drawn: BootstrapEstimate | float) -> Figure:
    """With the range over draws of cameras, where it was drawn."""
    if not isinstance(drawn, BootstrapEstimate):
        return Figure(score=score, condition=condition, value=float(drawn))
    values: dict[str, Any] = vars(drawn.interval)
    return Figure(score=score, condition=condition, **values)


def compare(difference: BootstrapEstimate, first: str, second: str, what: str) -> tuple[str, bool]:
    """What the first of two makes against the second in a score, and whether that is decided."""
    found = difference.interval
    better = first if found.value > 0 else second
    decided = f"{better} is better" if found.excludes_zero else "not decided at this size"
    return f"{first} against {second}: {points(difference)} in {what}, {decided}", found.excludes_zero


def points(difference: BootstrapEstimate) -> str:
    """A difference of shares in percentage points, with its range."""
    found = difference.interval
    return f"{100 * found.value:+.1f} points ({100 * found.low:+.1f} to {100 * found.high:+.1f})"
