"""A batch of predictions, opened: its run, its metadata and its table."""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wildcam.data.catalog import DEPLOYMENTS_FILE, list_datasets, open_dataset
from wildcam.data.reviews import ReviewLayer, Reviews
from wildcam.data.species_names import SpeciesNames
from wildcam.errors import UsageError
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.parts import read_metadata, read_predictions, read_rows
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.reviewed import with_reviews
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings


@dataclass(frozen=True)
class Batch:
    """A run of the kind `predict` that has begun."""

    run: Run
    metadata: BatchMetadata

    @property
    def request(self) -> PredictionRequest:
        """The parameters of the run."""
        return PredictionRequest.model_validate(self.run.params)

    reviews: ReviewLayer = ReviewLayer()

    def table(self) -> pd.DataFrame:
        """Every row so far, `predictions.table.COLUMNS`, as the models answered: what is scored."""
        return read_predictions(self.run.folder)

    def reviewed_table(self) -> pd.DataFrame:
        """The same with reviewers' labels in place of the models': what is summed up and exported."""
        return with_reviews(self.table(), self.reviews)

    def rows_of(self, image_ids: list[str]) -> pd.DataFrame:
        """The rows of a few images, as the models answered."""
        return read_rows(self.run.folder, image_ids)


def finished_batches(store: RunStore, datasets: Container[str]) -> list[Run]:
    """The finished batches of these data sets, the newest first."""
    return [
        run
        for run in store.all(Kind.PREDICT)
        if run.state is State.FINISHED and run.params.get("dataset", "") in datasets
    ]


def open_batch(store: RunStore, run_id: str) -> Batch:
    """By id, its beginning, or name. Raises `UsageError` for another run, `DataError` for one that has not begun."""
    run = store.get(run_id)
    if run.kind is not Kind.PREDICT:
        raise UsageError(f"Run {run.name} is of the kind {run.kind}: expected a batch of predictions.")
    metadata = read_metadata(run.folder)
    return Batch(run, metadata, Reviews(store.settings.home).below(metadata.root))


def categories_of(batch: Batch, settings: Settings) -> dict[str, int]:
    """The category numbers that the source of the batch's data set gives to labels.

    Raises `UsageError` for a batch of files.
    """
    name = batch.run.params.get("dataset", "")
    if not name:
        raise UsageError(
            "A submission needs the category numbers of the labels: received a batch of files, "
            "expected one of a data set."
        )
    dataset = open_dataset(settings.datasets_dir, name)
    return {dataset.info.labels.merged.get(label, label): number for label, number in dataset.info.categories.items()}


def names_of_batch(batch: Batch, settings: Settings) -> SpeciesNames:
    """The names that are stored with the batch's data set; none for a batch of files, or of one that is gone."""
    name = batch.run.params.get("dataset", "")
    known = {info.name: info.names for info in list_datasets(settings.datasets_dir)}
    return known.get(name, SpeciesNames())


def deployments_of_batch(batch: Batch, settings: Settings) -> Path | None:
    """The table of deployments that is stored with the batch's data set; None where there is none."""
    name = batch.run.params.get("dataset", "")
    path = settings.datasets_dir / name / DEPLOYMENTS_FILE
    return path if name and path.exists() else None
