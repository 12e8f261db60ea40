"""The figures of an evaluation in one typed object: what is kept with the run, printed, and written into reports."""

from enum import StrEnum
from pathlib import Path
from typing import Protocol

import pandas as pd
from pydantic import BaseModel, ConfigDict

from wildcam import atomic
from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset
from wildcam.data.splits import SplitSpec
from wildcam.errors import UsageError
from wildcam.evaluation.bursts import score_bursts
from wildcam.evaluation.empty_filter import empty_filter, operating_points
from wildcam.evaluation.end_to_end import EndToEnd, by_band, by_class, by_light, calibration_error, end_to_end
from wildcam.evaluation.ground_truth import score_predictions
from wildcam.evaluation.protocol import known_and_new_locations, train_sizes, what_training_saw
from wildcam.evaluation.published import comparable
from wildcam.serving.card import ModelCard

FILE = "evaluation.json"


class Unit(StrEnum):
    """What is judged."""

    IMAGE = "image"
    BURST = "burst"


class EmptyFilterFigures(BaseModel):
    """Stage 1 in numbers, 0–1; `points` as `empty_filter.operating_points`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    auroc: float
    average_precision: float
    points: list[dict[str, object]]


class Summary(BaseModel):
    """An evaluation; tables are lists of rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    models: str
    task: Task
    dataset: str
    subset: str  # "" for all of it
    split: str
    unit: Unit
    views: int
    aggregation: str
    scores: EndToEnd
    bands: list[dict[str, object]]  # end_to_end.by_band
    light: list[dict[str, object]]  # end_to_end.by_light
    calibration_error: float  # expected, 0–1
    empty_filter: EmptyFilterFigures | None
    locations: list[dict[str, object]]  # protocol.known_and_new_cameras
    training_saw: str  # a sentence where the figures may flatter
    comparable: str  # which published figures this may be held against, in a sentence

    def write(self, folder: Path) -> None:
        """Keep it with its run."""
        atomic.write_json(folder / FILE, self)


class Answered(Protocol):
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
        """What they answer together."""

    @property
    def views(self) -> int:
        """Of each image."""

    @property
    def aggregation(self) -> str:
        """How the views became one answer."""


def check_same_task(first: Answered, second: Answered) -> None:
    """Raise `UsageError` for two batches of different tasks: they cannot be compared."""
    if first.task != second.task:
        raise UsageError(
            f"{first.models} answers “{first.task.display}”, {second.models} “{second.task.display}”: only batches with the "
            "same task can be compared."
        )


def score_by(unit: Unit, table: pd.DataFrame, dataset: Dataset, task: Task) -> pd.DataFrame:
    """`truth.JUDGED_COLUMNS` of images or of bursts. Raises `DataError` where the data set labels none of them."""
    scored = score_predictions(table, dataset, task)
    return score_bursts(scored) if unit is Unit.BURST else scored


def summarise(
    scored: pd.DataFrame, answered: Answered, dataset: Dataset, subset: str, spec: SplitSpec, unit: Unit = Unit.IMAGE
) -> Summary:
    """All figures of a table that `score_by` made. `side`: of the split that was asked about, "" for all of the data set."""
    error, _ = calibration_error(scored)
    found = empty_filter(scored)
    return Summary(
        models=answered.models,
        task=answered.task,
        dataset=dataset.name,
        subset=subset,
        split=spec.policy,
        unit=unit,
        views=answered.views,
        aggregation=answered.aggregation,
        scores=end_to_end(scored),
        bands=_rows(by_band(by_class(scored, train_sizes(dataset, subset, spec))))
        if answered.task is not Task.EMPTY
        else [],
        light=_rows(by_light(scored)),
        calibration_error=error,
        empty_filter=found
        and EmptyFilterFigures(
            auroc=found.auroc, average_precision=found.average_precision, points=_rows(operating_points(found.costs))
        ),
        locations=_rows(known_and_new_locations(answered.cards, answered.names)),
        training_saw=what_training_saw(answered.cards, dataset, subset, spec),
        comparable=comparable(dataset.info.format, subset, spec.policy),
    )


def _rows(table: pd.DataFrame) -> list[dict[str, object]]:
    """Rows as JSON can hold them: nothing instead of NaN."""
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()} for row in table.to_dict("records")
    ]
