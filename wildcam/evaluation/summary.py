"""The figures of an evaluation in one typed object: what is kept with the run, printed, and written into reports."""

from pathlib import Path
from typing import Protocol, TypeVar

import pandas as pd
from pydantic import BaseModel, ConfigDict

from wildcam import atomic
from wildcam.architectures.presets import Task
from wildcam.choice import Choice
from wildcam.data.catalog import Dataset
from wildcam.data.splits import SplitSpec
from wildcam.errors import UsageError
from wildcam.evaluation.bursts import score_bursts
from wildcam.evaluation.empty_filter import empty_filter, operating_points
from wildcam.evaluation.end_to_end import EndToEnd, Light, by_band, by_class, by_light, calibration_error, end_to_end
from wildcam.evaluation.ground_truth import score_predictions
from wildcam.evaluation.protocol import known_and_new_locations, leakage_warning, train_sizes
from wildcam.evaluation.published import comparable
from wildcam.profile.long_tail import Band
from wildcam.serving.card import ModelCard

FILE = "evaluation.json"


class Unit(Choice):
    """What is evaluated as one."""

    IMAGE = "image", "photo"
    BURST = "burst", "burst"

    @property
    def plural(self) -> str:
        """Several, within a sentence."""
        return f"{self.display}s"

    @property
    def heading(self) -> str:
        """Of a column that counts them."""
        return _HEADINGS[self]


_HEADINGS = {Unit.IMAGE: "Photos", Unit.BURST: "Bursts"}


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OperatingPoint(_Figures):
    """A row of `empty_filter.operating_points`; shares are 0–1."""

    limit: float
    threshold: float
    missed_animals: float
    saved: float


class EmptyFilterFigures(_Figures):
    """Stage 1 in numbers, 0–1."""

    auroc: float
    average_precision: float
    points: tuple[OperatingPoint, ...]


class BandScores(_Figures):
    """A row of `end_to_end.by_band`."""

    band: Band
    classes: int
    images: int
    f1: float
    recall: float


class LightScores(_Figures):
    """A row of `end_to_end.by_light`."""

    light: Light
    images: int
    accuracy: float
    missed_animals: float | None


class LocationGap(_Figures):
    """A row of `protocol.known_and_new_locations`."""

    model: str
    score: str
    id_val: float
    val: float
    difference: float


class Summary(_Figures):
    """An evaluation."""

    models: str
    task: Task
    dataset: str
    subset: str  # "" for all of it
    split: str
    unit: Unit
    views: int
    aggregation: str
    settings: str = ""  # models, number formats, views and thresholds in a sentence; "" where not known
    scores: EndToEnd
    bands: tuple[BandScores, ...]  # none where no species is told apart
    light: tuple[LightScores, ...]
    calibration_error: float  # expected, 0–1
    empty_filter: EmptyFilterFigures | None
    location_gaps: tuple[LocationGap, ...]
    leakage: str  # a sentence where training images may be among these; else ""
    comparable: str  # which published figures this can be compared with, in a sentence

    def write(self, folder: Path) -> None:
        """Keep it with its run."""
        atomic.write_json(folder / FILE, self)


class Predicted(Protocol):
    """What is known of a batch of predictions (`predictions.metadata.BatchMetadata`)."""

    @property
    def models(self) -> str:
        """Their names in one."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of each model."""

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        """Of each."""

    @property
    def task(self) -> Task:
        """The task that they have together."""

    @property
    def views(self) -> int:
        """Of each image."""

    @property
    def aggregation(self) -> str:
        """How the views became one answer."""

    @property
    def settings(self) -> str:
        """Models, number formats, views and thresholds in a sentence; "" where not known."""


def check_same_task(first: Predicted, second: Predicted) -> None:
    """Raise `UsageError` for batches of two tasks: they cannot be compared."""
    if first.task != second.task:
        raise UsageError(
            f"{first.models} has the task “{first.task}”, {second.models} “{second.task}”: choose a batch of the same "
            "task to compare with."
        )


def score_by(unit: Unit, table: pd.DataFrame, dataset: Dataset, task: Task) -> pd.DataFrame:
    """`ground_truth.SCORED_COLUMNS` of images or of bursts.

    Raises `DataError` where none of them has a ground truth.
    """
    scored = score_predictions(table, dataset, task)
    return score_bursts(scored) if unit is Unit.BURST else scored


def summarise(
    scored: pd.DataFrame, predicted: Predicted, dataset: Dataset, subset: str, spec: SplitSpec, unit: Unit = Unit.IMAGE
) -> Summary:
    """All figures of a table that `score_by` made.

    `subset`: of the split that was predicted, "" for the whole data set.
    """
    error, _ = calibration_error(scored)
    found = empty_filter(scored)
    has_species = predicted.task is not Task.EMPTY
    per_class = by_class(scored, train_sizes(dataset, subset, spec))
    return Summary(
        models=predicted.models,
        task=predicted.task,
        dataset=dataset.name,
        subset=subset,
        split=spec.policy,
        unit=unit,
        views=predicted.views,
        aggregation=predicted.aggregation,
        settings=predicted.settings,
        scores=end_to_end(scored),
        bands=_rows(BandScores, by_band(per_class)) if has_species else (),
        light=_rows(LightScores, by_light(scored)),
        calibration_error=error,
        empty_filter=found
        and EmptyFilterFigures(
            auroc=found.auroc,
            average_precision=found.average_precision,
            points=_rows(OperatingPoint, operating_points(found.costs)),
        ),
        location_gaps=_rows(LocationGap, known_and_new_locations(predicted.cards, predicted.names)),
        leakage=leakage_warning(predicted.cards, dataset, subset, spec),
        comparable=comparable(dataset.info.format, subset, spec.policy),
    )


Row = TypeVar("Row", bound=_Figures)


def _rows(model: type[Row], table: pd.DataFrame) -> tuple[Row, ...]:
    """A table as values: None instead of NaN."""
    return tuple(
        model(**{str(name): None if pd.isna(value) else value for name, value in row.items()})
        for row in table.to_dict("records")
    )
