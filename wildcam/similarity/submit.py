"""Queue the job that finds what is alike in a data set."""

from pydantic import BaseModel, ConfigDict

from wildcam.data.catalog import open_dataset
from wildcam.errors import RunError
from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore


class SimilarityRequest(BaseModel):
    """The parameters of a run of the kind `similarity`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str


def submit_similarity(store: RunStore, dataset_name: str) -> Run:
    """Queue it and start its worker; features that any run has computed are not computed again.

    Raises `RunError` where one of this data set is queued or running, `UsageError` for an unknown data set.
    """
    open_dataset(store.settings.datasets_dir, dataset_name)
    last = latest_similarity(store, dataset_name)
    if last and last.state.is_live:
        raise RunError(f"Similar photos of {dataset_name!r} are being sought already: run {last.id[:8]}.")
    name = f"similar photos of {dataset_name}"
    return local.launch(store, store.create(Kind.SIMILARITY, name, SimilarityRequest(dataset=dataset_name)))


def latest_similarity(store: RunStore, dataset_name: str) -> Run | None:
    """The newest one of a data set."""
    return next((run for run in store.all(Kind.SIMILARITY) if run.params.get("dataset") == dataset_name), None)
