"""The end of a batch of a labelled data set: its evaluation, kept with the run."""

from wildcam.data.catalog import open_dataset
from wildcam.errors import WildcamError
from wildcam.evaluation.summary import default_unit, score_by, summarise
from wildcam.predictions.parts import read_metadata, read_predictions
from wildcam.predictions.request import PredictionRequest
from wildcam.runs.facts import PredictFacts
from wildcam.runs.job import Job


def evaluate_batch(job: Job, request: PredictionRequest) -> None:
    """Against the ground truth of the data set, where it has any."""
    job.report(phase="evaluating")
    metadata = read_metadata(job.run.folder)
    try:
        dataset = open_dataset(job.settings.datasets_dir, request.dataset)
        unit = default_unit(dataset)
        scored = score_by(unit, read_predictions(job.run.folder), dataset, metadata.task)
    except WildcamError as error:  # no labels, or the data set is gone: the predictions stand without an evaluation
        print(error, flush=True)
        return
    summary = summarise(scored, metadata, dataset, request.subset, request.split_spec, unit)
    summary.write(job.run.folder)
    job.write_facts(PredictFacts(accuracy=summary.scores.accuracy.value, macro_f1=summary.scores.macro_f1.value))
