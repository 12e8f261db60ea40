"""Queue a check of a data set and start its worker. The page and the command line call it."""

from pydantic import BaseModel, ConfigDict

from wildcam.data.catalog import open_dataset
from wildcam.errors import RunError
from wildcam.quality.table import scan_lock_path
from wildcam.runs import local
from wildcam.runs.lock import is_held
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore


class CheckRequest(BaseModel):
    """The parameters of a run of the kind `check`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str


def submit_check(store: RunStore, dataset_name: str) -> Run:
    """Queue a check and start its worker; unchanged files are not measured again.

    Raises `RunError` where a check of this data set is queued or running, `UsageError` for an unknown data set.
    """
    dataset = open_dataset(store.settings.datasets_dir, dataset_name)
    live = next((run for run in checks_of(store, dataset_name) if run.state.is_live), None)
    if live:
        raise RunError(f"A check of {dataset_name!r} is {live.state} already: run {live.id[:8]}.")
    if is_held(scan_lock_path(dataset)):
        raise RunError(f"Data set {dataset_name!r} is being checked from a command line: wait until that check ends.")
    return local.launch(store, store.create(Kind.CHECK, f"check of {dataset_name}", CheckRequest(dataset=dataset_name)))


def checks_of(store: RunStore, dataset_name: str) -> list[Run]:
    """Every check of a data set of this name, newest first."""
    return [run for run in store.all(Kind.CHECK) if run.params.get("dataset") == dataset_name]
