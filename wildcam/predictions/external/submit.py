"""Another program's results as a batch of predictions: a run like any other, whose worker reads a file."""

import shutil
from pathlib import Path

from wildcam.data.importers.contract import Remarks
from wildcam.data.splits import SplitPolicy, Subset
from wildcam.errors import DataError
from wildcam.predictions.external.photos import rows_of_answers
from wildcam.predictions.external.results_file import read_results
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.sources import find_images
from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore

RESULTS_FILE = "results.json"
"""The copy in the run's folder."""


def submit_results(
    store: RunStore,
    path: Path,
    *,
    dataset: str,
    subset: Subset | str = "",
    split: SplitPolicy = SplitPolicy.LOCATION,
    split_seed: int = 0,
    name: str = "",
) -> Run:
    """Check the file, keep a copy with the run, and queue it. Raises a `WildcamError`."""
    request = PredictionRequest(
        dataset=dataset,
        subset=subset,
        split=split,
        split_seed=split_seed,
        results=path.name,
        views=1,
        empty_threshold=0.5,
        unknown_threshold=0.0,
    )
    images = find_images(request, store.settings)
    results = read_results(path, Remarks())
    rows_of_answers(images.records, results, request, Remarks())
    run = store.create(Kind.PREDICT, name or f"{results.program} on {request.source}", request)
    try:
        run.folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, run.folder / RESULTS_FILE)
    except OSError as error:
        store.delete(run.id)
        raise DataError(
            f"{path.name} cannot be kept with the run ({error.strerror}): free space, then try again."
        ) from error
    return local.launch(store, run)
