"""The worker's part: another program's answers become the rows of a batch."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from wildcam.data.catalog import open_dataset
from wildcam.data.importers.contract import Remarks
from wildcam.predictions.external.answers import ExternalResults
from wildcam.predictions.external.photos import rows_of_answers
from wildcam.predictions.external.results_file import read_results
from wildcam.predictions.external.submit import RESULTS_FILE
from wildcam.predictions.external.verdicts import LabelMatcher, verdict_of
from wildcam.predictions.metadata import BatchMetadata, ExternalSource
from wildcam.predictions.parts import PartWriter, read_predictions
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.sources import ImageRecords
from wildcam.predictions.table import Prediction
from wildcam.runs.job import Job, Stopped
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN


def write_external(job: Job, request: PredictionRequest, images: ImageRecords) -> tuple[str, ...]:
    """Write a row for each answer on one of the images, in the file's order; a row is never written twice.

    Returns a sentence for each kind of answer or photo that was left out or changed.
    """
    job.report(phase="reading the results")
    remarks = Remarks()
    results = read_results(job.run.folder / RESULTS_FILE, remarks)
    rows = rows_of_answers(images.records, results, request, remarks)
    matcher = LabelMatcher(open_dataset(job.settings.datasets_dir, request.dataset))
    answers = [(images.records[row], results.answers[k]) for k, row in enumerate(rows) if row >= 0]
    predictions = [Prediction(record, verdict_of(answer, results.task, matcher)) for record, answer in answers]
    matcher.note(remarks)
    writer = PartWriter(job.run.folder)
    writer.write_metadata(_metadata_of(job, request, images, results, predictions))
    _write(job, writer, predictions)
    said = tuple(f"{remark.count:,} × {remark.what} (first: {remark.example})" for remark in remarks.all())
    for sentence in said:
        print(sentence, flush=True)
    return said


def _write(job: Job, writer: PartWriter, predictions: Sequence[Prediction]) -> None:
    done = set(read_predictions(job.run.folder, ["image_id"])["image_id"])
    try:
        for number, prediction in enumerate(predictions, start=1):
            if prediction.record.image_id not in done:
                writer.add(prediction)
            job.report(phase="predicting", step=number, steps=len(predictions))
            if job.stop_requested():
                raise Stopped
    finally:
        writer.flush()


def _metadata_of(
    job: Job,
    request: PredictionRequest,
    images: ImageRecords,
    results: ExternalResults,
    predictions: Sequence[Prediction],
) -> BatchMetadata:
    named = {item.label for each in predictions for item in each.verdict.top}
    named |= {each.verdict.label for each in predictions}
    return BatchMetadata(
        root=images.root,
        source=request.source,
        empty_model="",
        species_model="",
        classes=tuple(sorted(named - {EMPTY, UNKNOWN, FAILED})),
        external=ExternalSource(
            program=results.program,
            file=request.results,
            sha256=hashlib.sha256((job.run.folder / RESULTS_FILE).read_bytes()).hexdigest(),
            task=results.task,
            detection_threshold=results.detection_threshold,
        ),
        is_demo=False,
        views=1,
        aggregation=request.aggregation,
        empty_threshold=request.empty_threshold,
        unknown_threshold=request.unknown_threshold,
        run_id=job.run.id,
        created_at=datetime.now(UTC),
    )
