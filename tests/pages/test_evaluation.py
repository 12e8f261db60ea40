"""The Evaluation page: scores, confusions that lead to photos, the review queue, comparisons."""

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.open_page import open_page
from wildcam.data.catalog import open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.predictions.parts import PartWriter, read_metadata, read_predictions
from wildcam.predictions.submit import make_request
from wildcam.predictions.table import ImageRecord, Prediction
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import open_bundle
from wildcam.serving.two_stage import failed

evaluation = partial(open_page, "evaluation")


def test_answers_are_scored_against_the_ground_truth(scored_batch: Run) -> None:
    page = evaluation(run=scored_batch.id)
    figures = {metric.label: metric.value for metric in page.metric}
    assert figures["Accuracy"] == "60.0%"  # fox, empty and deer; a wrong species, and a failure
    assert (figures["Missed animals"], figures["Blank recall"]) == ("0.0%", "100.0%")
    assert any("always deer 40.0%" in caption.value.replace("\\", "") for caption in page.caption)
    classes = evaluation(run=scored_batch.id, part="classes").dataframe[1].value.set_index("label")
    assert classes.loc["deer", ["images", "recall", "precision"]].tolist() == [2, 0.5, 1]
    tables = [table.value for table in evaluation(run=scored_batch.id, part="confusions").dataframe]
    errors = next(table for table in tables if "ground_truth" in table)
    assert errors[["ground_truth", "label"]].values.tolist() == [["deer", "fox"], ["hare", "failed"]]
    for part in ("locations", "calibration", "comparison"):
        evaluation(run=scored_batch.id, part=part)


def test_the_empty_filter_shows_missed_animals_and_saved_work(scored_batch: Run) -> None:
    page = evaluation(run=scored_batch.id, part="empty_filter")
    figures = {metric.label: metric.value for metric in page.metric}
    assert figures["AUROC"] == "1.000"
    points = page.dataframe[0].value
    assert (points["missed_animals"] == 0).all()
    assert points["saved"].tolist() == [pytest.approx(1 / 4)] * len(points)  # the empty one of four that could be read


@pytest.mark.parametrize(
    ("review", "names"), [("high_confidence_error", ["c"]), ("disagreement", ["a", "b", "c", "d"]), ("label_error", [])]
)
def test_photos_to_review_come_with_a_reason(scored_batch: Run, review: str, names: list[str]) -> None:
    page = evaluation(run=scored_batch.id, part="review", review=review)
    assert sorted(photos(page)) == [f"{name}.jpg" for name in names]


def test_bursts_are_scored_as_one(scored_batch: Run) -> None:
    page = evaluation(run=scored_batch.id, per="burst")
    assert any("3 bursts of 2 locations" in caption.value for caption in page.caption)


def test_scores_that_may_be_optimistic_are_warned_of(scored_batch: Run) -> None:
    facts = read_metadata(scored_batch.folder)
    folder = Path(os.environ["WILDCAM_MODELS"])
    cards = tuple(
        open_bundle(folder, name).card.model_copy(update={"dataset": "reserve"})
        for name in ("park-empty", "park-species")
    )
    PartWriter(scored_batch.folder).write_metadata(facts.model_copy(update={"cards": cards}))
    assert any("optimistic" in warning.value for warning in evaluation(run=scored_batch.id).warning)


def test_batches_of_two_tasks_are_not_compared(scored_batch: Run, models: RunStore) -> None:
    other = models.create(Kind.PREDICT, "stage 1", make_request(models, dataset="reserve", model="park-empty"))
    models.enqueue(other.id)
    shutil.copytree(scored_batch.folder / "predictions", other.folder / "predictions")
    facts, card = read_metadata(other.folder), open_bundle(Path(os.environ["WILDCAM_MODELS"]), "park-empty").card
    PartWriter(other.folder).write_metadata(facts.model_copy(update={"cards": (card,), "species_model": ""}))
    models.mark(other.id, State.FINISHED)
    page = evaluation(run=scored_batch.id, part="comparison")
    assert "choose a batch of the same task" in page.error[0].value


@pytest.mark.parametrize(
    ("ground_truth", "label", "paths"), [("deer", "fox", ["c.jpg"]), ("empty", "empty", ["b.jpg"]), ("fox", "deer", [])]
)
def test_a_cell_of_the_confusions_shows_its_photos(
    scored_batch: Run, relabel: Callable[[str], None], ground_truth: str, label: str, paths: list[str]
) -> None:
    relabel("blank")
    page = evaluation(run=scored_batch.id, part="confusions", ground_truth=ground_truth, label=label)
    assert photos(page) == paths
    page.button(key="evaluation_close_cell").click().run()
    assert photos(page) == []


def test_a_cell_of_stage_1_alone_shows_its_photos(
    scored_batch: Run, relabel: Callable[[str], None], answer_by_stage_1: Callable[[Run], None]
) -> None:
    relabel("blank")
    answer_by_stage_1(scored_batch)
    page = evaluation(run=scored_batch.id, part="confusions", ground_truth="animal", label="animal")
    assert sorted(photos(page)) == ["a.jpg", "c.jpg", "d.jpg"]


def test_two_batches_are_compared_on_the_same_images(scored_batch: Run, models: RunStore) -> None:
    other = models.create(Kind.PREDICT, "other", make_request(models, dataset="reserve"))
    models.enqueue(other.id)
    shutil.copytree(scored_batch.folder / "predictions", other.folder / "predictions")
    models.mark(other.id, State.FINISHED)
    page = evaluation(run=scored_batch.id, part="comparison")
    assert page.metric[-3].value == "0.0%"
    assert any("includes zero" in caption.value for caption in page.caption)


def test_photos_without_a_location_are_counted_apart(scored_batch: Run, models: RunStore) -> None:
    writer = PartWriter(scored_batch.folder)
    table = read_predictions(scored_batch.folder)
    for part in (scored_batch.folder / "predictions").glob("part-*.parquet"):
        part.unlink()
    for row in table.itertuples():
        record = ImageRecord(row.image_id, row.path, "north" if row.location == "north" else "")
        writer.add(Prediction(record, failed(row.failure)))
    writer.flush()
    page = evaluation(run=scored_batch.id)
    text = "5 photos of 1 location, plus 2 photos without one, treated as one location in the intervals"
    assert any(text in caption.value for caption in page.caption)
    rows = evaluation(run=scored_batch.id, part="locations").dataframe[-1].value
    assert rows.set_index("location")["images"].to_dict() == {"north": 3, "no location": 2}


def test_a_batch_that_cannot_be_evaluated_is_said(batch: Run, scored_batch: Run) -> None:
    page = evaluation(run=batch.id)
    assert "is not among the runs of this page" in page.warning[0].value
    assert page.query_params["run"] == scored_batch.id


def test_without_a_finished_batch_the_page_says_what_to_do(batch: Run, models: RunStore) -> None:
    assert "no finished batch" in evaluation().info[0].value


def test_a_data_set_without_labels_gets_a_sentence(scored_batch: Run, models: RunStore) -> None:
    dataset = open_dataset(models.settings.datasets_dir, "reserve")
    index = dataset.index.drop(columns=["source_label", "role"])
    save_dataset(
        models.settings.datasets_dir,
        index.assign(label=index["label"].where(index["label"] == "")),
        name="reserve",
        source="",
        root=dataset.info.root,
        format="csv",
        labels=LabelPolicy(),
        replace=True,
    )
    assert "needs labels" in evaluation(run=scored_batch.id).info[0].value


def photos(page: AppTest) -> list[str]:
    """Paths of the cards, in their order."""
    return [text.value.split("\n")[0] for text in page.text if text.value.split("\n")[0].endswith(".jpg")]
