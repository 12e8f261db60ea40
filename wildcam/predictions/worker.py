"""The process that predicts a batch of images: `python -m wildcam.predictions.worker RUN_ID`."""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from wildcam.data.photo_walk import check_complete
from wildcam.errors import DataError
from wildcam.images import Box
from wildcam.predictions.external.write_batch import write_external
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.models import AnyClassifier, cards_of, load_classifier, precisions_of
from wildcam.predictions.parts import PartWriter, read_metadata, read_predictions
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.sources import ImageRecords, find_images
from wildcam.predictions.table import Prediction
from wildcam.runs.eta import EtaEstimator
from wildcam.runs.facts import PredictFacts
from wildcam.runs.job import Job, Stopped
from wildcam.runs.run_job import run_job
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.look_closer import NO_CLOSER_LOOK
from wildcam.serving.two_stage import FAILED

POINT_SECONDS = 2.0


def predict(job: Job) -> None:
    """Predict every image that has no row yet; a row is never written twice."""
    request = PredictionRequest.model_validate(job.run.params)
    job.report(phase="finding photos")
    images = find_images(request, job.settings).with_headers()
    remarks = images.passed_over
    if request.results:
        remarks = write_external(job, request, images)
    else:
        _predict_all(job, request, images)  # its models are freed with it: the evaluation needs memory of its own
    labels = read_predictions(job.run.folder, ["label"])["label"].value_counts()
    counts = {str(label): int(count) for label, count in labels.items()}
    without_time = int(read_predictions(job.run.folder, ["taken_at"])["taken_at"].isna().sum())
    job.write_facts(
        PredictFacts(
            images=sum(counts.values()),
            failed=counts.get(FAILED, 0),
            labels=counts,
            remarks=remarks,
            without_time=without_time,
        )
    )
    check_complete(images.root, images.failures)  # after the rest, so that resuming needs only what was not listed
    if request.dataset:
        from wildcam.predictions.evaluate_batch import evaluate_batch  # loads scikit-learn, which takes seconds

        evaluate_batch(job, request)


def _predict_all(job: Job, request: PredictionRequest, images: ImageRecords) -> None:
    job.report(phase="loading the models")
    classifier = load_classifier(request, job.store)
    writer = PartWriter(job.run.folder)
    done = set(read_predictions(job.run.folder, ["image_id"])["image_id"])
    metadata = _metadata_of(job, request, images, classifier)
    if done and read_metadata(job.run.folder).graphs != metadata.graphs:
        raise DataError(
            f"{metadata.models} changed since this batch began: start a new batch, so that one model predicts all of "
            "it."
        )
    writer.write_metadata(metadata)
    try:
        _classify(job, request, images, classifier, writer, done)
    finally:
        writer.flush()


def _classify(
    job: Job,
    request: PredictionRequest,
    images: ImageRecords,
    classifier: AnyClassifier,
    writer: PartWriter,
    done: set[str],
) -> None:
    left = [k for k, record in enumerate(images.records) if record.image_id not in done]
    total, before = len(images.records), len(images.records) - len(left)
    verdicts = classify_images(partial(classifier.identify, options=request.options), _sources(images, left))
    eta, since, counted = EtaEstimator(), time.monotonic(), 0
    for number, (k, verdict) in enumerate(zip(left, verdicts, strict=True), start=1):
        if verdict.label == FAILED and images.are_missing:
            raise DataError(
                f"The folder {images.root} is no longer there: connect its disk again, then resume the batch."
            )
        writer.add(Prediction(images.records[k], verdict))
        now = time.monotonic()
        seconds_left = eta.seconds_left(now, number, len(left))
        job.report(phase="predicting", step=before + number, steps=total, seconds_left=seconds_left)
        if now - since >= POINT_SECONDS:
            job.log(before + number, {"images_per_second": (number - counted) / (now - since)})
            since, counted = now, number
        if job.stop_requested():
            raise Stopped


def _sources(images: ImageRecords, positions: list[int]) -> Iterator[tuple[Path, Box | None]]:
    for k in positions:
        yield images.path_of(images.records[k]), images.boxes[k]


def _metadata_of(
    job: Job, request: PredictionRequest, images: ImageRecords, classifier: AnyClassifier
) -> BatchMetadata:
    cards, closer_weight = cards_of(classifier), request.closer_weight
    if closer_weight and not classifier.can_look_closer(has_boxes=any(images.boxes)):
        print(NO_CLOSER_LOOK, flush=True)
        closer_weight = 0.0
    return BatchMetadata(
        root=images.root,
        source=request.source,
        empty_model=request.empty_model,
        species_model=request.species_model,
        classes=cards[-1].classes,
        cards=tuple(cards),
        is_demo=any(card.is_demo for card in cards),
        views=request.views,
        view_set=request.view_set,
        closer_weight=closer_weight,
        precisions=precisions_of(classifier),
        quick=request.quick,
        aggregation=request.aggregation,
        empty_threshold=request.empty_threshold,
        unknown_threshold=request.unknown_threshold,
        run_id=job.run.id,
        created_at=datetime.now(UTC),
    )


if __name__ == "__main__":
    sys.exit(run_job(sys.argv[1], predict))
