"""The Batch page: start, look through, correct, export."""

import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from wildcam.architectures.presets import Task
from wildcam.data.catalog import build_index, save_dataset
from wildcam.data.corrections import Corrections
from wildcam.data.labels import LabelPolicy
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.parts import PartWriter, read_metadata
from wildcam.predictions.submit import make_request
from wildcam.predictions.table import ImageRecord, Prediction
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import open_bundle
from wildcam.serving.two_stage import Ranked, Verdict, VerdictSource, ViewVote, failed
from wildcam.settings import PROJECT_DIR
from wildcam.training.recipe import Recipe

APP = PROJECT_DIR / "app.py"
VIEWS = (ViewVote(0.1, False),) * 4


def verdict(label: str, confidence: float) -> Verdict:
    empty = label == "empty"
    top = () if empty else (Ranked(label, confidence), Ranked("hare", 0.01))
    source = VerdictSource.STAGE_1 if empty else VerdictSource.STAGE_2
    return Verdict(label, source, confidence, 3, VIEWS, p_empty=0.9 if empty else 0.1, top=top)


@pytest.fixture
def models(
    store: RunStore, write_model: Callable[..., object], models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> RunStore:
    monkeypatch.setenv("WILDCAM_MODELS", str(models_dir))
    write_model("park-empty", Task.EMPTY)
    write_model("park-species", Task.SPECIES)
    return RunStore(store.settings.model_copy(update={"models": models_dir}))


@pytest.fixture
def batch(models: RunStore, image: Callable[..., bytes], tmp_path: Path) -> Run:
    """Three images of a burst, a deer elsewhere, and a file that was damaged."""
    root = tmp_path / "photos"
    root.mkdir()
    run = models.create(Kind.PREDICT, "spring", make_request(models, folder=str(root)))
    models.enqueue(run.id)
    writer = PartWriter(run.folder)
    writer.write_metadata(
        BatchMetadata(
            root=root,
            source=str(root),
            empty_model="park-empty",
            species_model="park-species",
            classes=("deer", "fox", "hare"),
            is_demo=False,
            views=4,
            aggregation="majority_vote",
            empty_threshold=0.5,
            unknown_threshold=0.4,
            run_id=run.id,
            created_at=datetime.now(UTC),
        )
    )
    noon = datetime(2024, 6, 1, 12)
    given = [("a", "fox", 0.9), ("b", "empty", 0.8), ("c", "fox", 0.5), ("d", "deer", 0.7)]
    for second, (name, label, confidence) in enumerate(given):
        (root / f"{name}.jpg").write_bytes(image(40, 200, 10 * second, size=(40, 30)))
        place = "north" if name != "d" else "south"
        writer.add(
            Prediction(
                ImageRecord(name, f"{name}.jpg", place, "", noon.replace(second=second)), verdict(label, confidence)
            )
        )
    writer.add(Prediction(ImageRecord("e", "e.jpg", "south"), failed("e.jpg is damaged: copy it again.")))
    writer.flush()
    models.mark(run.id, State.FINISHED)
    return models.get(run.id)


def open_page(**address: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.query_params.update(address)
    app.switch_page("pages/batch/page.py").run()
    assert not app.exception, app.exception[0].value
    return app


def shown(page: AppTest) -> list[str]:
    """Paths of the cards, in their order."""
    return [text.value.split("\n")[1] for text in page.text if ".jpg" in text.value and "\n" in text.value]


def test_without_models_the_page_says_what_to_do(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WILDCAM_MODELS", str(tmp_path))
    assert "Train one and promote it" in open_page().info[0].value.replace("\\", "")


def test_a_batch_of_a_folder_is_started_and_answers(
    models: RunStore, image: Callable[..., bytes], tmp_path: Path
) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "fox.jpg").write_bytes(image(60, 230, 60))
    page = open_page()
    page.segmented_control(key="batch_source").set_value("Folder on the server").run()
    page.text_input(key="batch_folder").set_value(str(tmp_path / "cards")).run()
    page.button(key="batch_start").click().run()
    assert not page.exception
    (run,) = models.all(Kind.PREDICT)
    assert page.query_params["run"] == run.id
    deadline = time.monotonic() + 60
    while models.get(run.id).state.is_live:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    page = open_page(run=run.id)
    assert shown(page) == ["fox.jpg"]
    assert [metric.value for metric in page.metric] == ["1", "0", "1", "0", "0"]


def test_a_folder_that_does_not_exist_gets_a_message(models: RunStore) -> None:
    page = open_page()
    page.segmented_control(key="batch_source").set_value("Folder on the server").run()
    page.text_input(key="batch_folder").set_value("/nowhere").run()
    page.button(key="batch_start").click().run()
    assert "is not a folder on this machine" in page.error[0].value
    assert models.all() == []


def test_the_least_confident_come_first_and_filters_narrow_them(batch: Run) -> None:
    page = open_page(run=batch.id)
    assert [metric.value for metric in page.metric] == ["5", "1", "3", "0", "1"]
    assert shown(page) == ["c.jpg", "d.jpg", "b.jpg", "a.jpg", "e.jpg"]
    assert shown(open_page(run=batch.id, verdict="fox", order="most_confident")) == ["a.jpg", "c.jpg"]
    page.slider(key="batch_confidence").set_value((60, 85)).run()
    assert shown(page) == ["d.jpg", "b.jpg"]


def test_species_locations_and_bursts_are_summed_up(batch: Run) -> None:
    species = open_page(run=batch.id, view="species").dataframe[0].value.set_index("label")
    assert species["images"].to_dict() == {"fox": 2, "empty": 1, "deer": 1, "failed": 1}
    locations = open_page(run=batch.id, view="locations").dataframe[0].value.set_index("location")
    assert locations.loc["north", ["animals", "empty", "failed", "majority"]].tolist() == [2, 1, 0, "fox"]
    assert locations.loc["south", ["animals", "empty", "failed", "majority"]].tolist() == [1, 0, 1, "deer"]
    bursts = open_page(run=batch.id, view="bursts").dataframe[0].value
    assert bursts[["label", "agreement", "images"]].values.tolist() == [["fox", 2, 3]]


def test_a_image_is_corrected(batch: Run, models: RunStore) -> None:
    page = open_page(run=batch.id, image="c")
    box = next(box for box in page.selectbox if box.label == "It shows")
    assert "fox" not in box.options
    box.set_value("hare")
    next(button for button in page.button if button.label == "Keep the correction").click().run()
    assert not page.exception
    table = Corrections(models.settings.home).table()
    assert table[["label", "predicted"]].values.tolist() == [["hare", "fox"]]
    assert Path(table["path"].iloc[0]).name == "c.jpg"
    assert any("Corrected to: hare" in info.value for info in page.info)


@pytest.mark.parametrize("name", ["megadetector", "coco", "csv"])
def test_the_results_are_downloaded(batch: Run, name: str) -> None:
    page = open_page(run=batch.id)
    page.selectbox(key="batch_format").set_value(name).run()
    assert not downloads(page)
    page.button(key="batch_write").click().run()
    assert not page.exception
    assert downloads(page) == ["Download 5 predictions"]


def test_camtrap_dp_takes_time_zone_and_coordinates(batch: Run) -> None:
    page = open_page(run=batch.id)
    page.selectbox(key="batch_format").set_value("camtrap_dp").run()
    page.button(key="batch_write").click().run()
    assert any("time zone" in warning.value for warning in page.warning)
    page.text_input(key="batch_zone").set_value("Africa/Nairobi").run()
    page.number_input(key="batch_latitude").set_value(1.5)
    page.number_input(key="batch_longitude").set_value(36.0).run()
    page.button(key="batch_write").click().run()
    assert [warning.value.split(" ")[0] for warning in page.warning] == ["1"]  # image without a time
    assert downloads(page) == ["Download 4 predictions"]


def downloads(page: AppTest) -> list[str]:
    return [button.label for button in page.get("download_button") if button.key == "batch_download"]


def test_images_are_copied_into_folders(batch: Run, tmp_path: Path) -> None:
    page = open_page(run=batch.id)
    page.selectbox(key="batch_format").set_value("folders").run()
    page.text_input(key="batch_target").set_value(str(tmp_path / "sorted")).run()
    page.button(key="batch_fill").click().run()
    assert sorted(path.name for path in (tmp_path / "sorted" / "fox").iterdir()) == ["a.jpg", "c.jpg"]
    page.button(key="batch_fill").click().run()
    assert "exists" in page.error[0].value


def test_a_link_from_the_runs_to_an_older_batch_leads_to_that_one(batch: Run, scored_batch: Run) -> None:
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.run()
    page.query_params["run"] = scored_batch.id
    page.switch_page("pages/batch/page.py").run()  # seen before: the chooser has a value of its own
    for screen in ("runs", "batch"):
        page.query_params["run"] = batch.id
        page.switch_page(f"pages/{screen}/page.py").run()
        assert not page.exception
    assert page.selectbox(key="choose_Batch").value == batch.id


def test_the_model_of_a_run_is_led_to_by_its_address(models: RunStore) -> None:
    trained = models.create(Kind.TRAIN, "spring", Recipe.of("reserve", "empty_cnn"))
    models.enqueue(trained.id)
    shutil.copytree(models.settings.models / "park-empty", trained.bundle_dir)
    models.mark(trained.id, State.FINISHED)
    page = open_page(run="New batch", model=f"run:{trained.id}")
    assert page.checkbox(key="batch_alone").value
    assert page.selectbox(key="batch_model").value == f"run:{trained.id}"


def test_a_latitude_without_a_longitude_gets_a_message(batch: Run) -> None:
    page = open_page(run=batch.id)
    page.selectbox(key="batch_format").set_value("camtrap_dp").run()
    page.number_input(key="batch_latitude").set_value(1.5).run()
    assert "only one of latitude and longitude" in page.error[0].value


@pytest.fixture
def scored_batch(batch: Run, models: RunStore, tmp_path: Path) -> Run:
    """The same images as a data set with labels, and a batch of it; the fox at `c` is a deer in truth."""
    names = ["a", "b", "c", "d", "e"]
    index = build_index(
        {
            "image_id": names,
            "path": [f"{name}.jpg" for name in names],
            "label": ["fox", "empty", "deer", "deer", "hare"],
            "location": ["north", "north", "north", "south", "south"],
            "taken_at": pd.to_datetime("2024-06-01 12:00"),
        }
    )
    save_dataset(
        models.settings.datasets_dir,
        index,
        name="reserve",
        source="",
        root=tmp_path / "photos",
        format="csv",
        labels=LabelPolicy(empty=("empty",)),
        replace=True,
    )
    run = models.create(Kind.PREDICT, "scored", make_request(models, dataset="reserve"))
    models.enqueue(run.id)
    shutil.copytree(batch.folder / "predictions", run.folder / "predictions")
    models.mark(run.id, State.FINISHED)
    return models.get(run.id)


def evaluated_page(run: Run, **address: str) -> AppTest:
    return open_page(run=run.id, view="evaluation", **address)


def test_answers_are_held_against_the_labels(scored_batch: Run) -> None:
    page = evaluated_page(scored_batch)
    figures = {metric.label: metric.value for metric in page.metric}
    assert figures["Right final answers"] == "60.0%"  # fox, empty and deer; a wrong species, and a failure
    assert (figures["Animals lost"], figures["Empty ones found"]) == ("0.0%", "100.0%")
    assert any("always deer 40.0%" in caption.value.replace("\\", "") for caption in page.caption)
    classes = evaluated_page(scored_batch, part="Classes").dataframe[1].value.set_index("label")
    assert classes.loc["deer", ["images", "recall", "precision"]].tolist() == [2, 0.5, 1]
    tables = [table.value for table in evaluated_page(scored_batch, part="Confusions").dataframe]
    mistakes = next(table for table in tables if "ground_truth" in table)
    assert mistakes[["ground_truth", "label"]].values.tolist() == [["deer", "fox"], ["hare", "failed"]]
    for part in ("Cameras", "Confidence", "Compare"):
        evaluated_page(scored_batch, part=part)


def test_the_empty_filter_shows_what_a_threshold_costs(scored_batch: Run) -> None:
    page = evaluated_page(scored_batch, part="Empty filter")
    figures = {metric.label: metric.value for metric in page.metric}
    assert figures["AUROC"] == "1.000"
    points = page.dataframe[0].value
    assert (points["missed_animals"] == 0).all()
    assert points["saved"].tolist() == [pytest.approx(1 / 4)] * len(points)  # the empty one of four that could be read


@pytest.mark.parametrize(
    ("worth", "names"), [("sure and wrong", ["c"]), ("views disagree", ["a", "b", "c", "d"]), ("label in doubt", [])]
)
def test_images_worth_a_look_come_with_a_reason(scored_batch: Run, worth: str, names: list[str]) -> None:
    page = evaluated_page(scored_batch, part="Inspect", worth=worth)
    opened = [button.key.removeprefix("truth_open_") for button in page.button if button.label == "Open"]
    assert sorted(opened) == names


def test_bursts_are_scored_as_one(scored_batch: Run) -> None:
    page = evaluated_page(scored_batch, per="burst")
    assert any("Of 3 bursts of 2 cameras" in caption.value for caption in page.caption)


def test_figures_that_may_flatter_are_told(scored_batch: Run) -> None:
    metadata = read_metadata(scored_batch.folder)
    card = open_bundle(Path(os.environ["WILDCAM_MODELS"]), "park-species").card.model_copy(
        update={"dataset": "reserve"}
    )
    PartWriter(scored_batch.folder).write_metadata(metadata.model_copy(update={"cards": (card,)}))
    assert any("flatter" in warning.value for warning in evaluated_page(scored_batch).warning)


def test_batches_of_other_tasks_are_not_compared(scored_batch: Run, models: RunStore) -> None:
    other = models.create(Kind.PREDICT, "stage 1", make_request(models, dataset="reserve", model="park-empty"))
    models.enqueue(other.id)
    shutil.copytree(scored_batch.folder / "predictions", other.folder / "predictions")
    metadata, card = read_metadata(other.folder), open_bundle(Path(os.environ["WILDCAM_MODELS"]), "park-empty").card
    PartWriter(other.folder).write_metadata(metadata.model_copy(update={"cards": (card,), "species_model": ""}))
    models.mark(other.id, State.FINISHED)
    page = evaluated_page(scored_batch, part="Compare")
    assert "only batches with the same task" in page.error[0].value


def test_a_cell_of_the_confusions_leads_to_its_images(scored_batch: Run) -> None:
    page = open_page(run=scored_batch.id, ground_truth="deer", verdict="fox")
    assert shown(page) == ["c.jpg"]
    assert any("ground truth: deer" in text.value for text in page.text)
    page.button(key="batch_ground_truth").click().run()
    assert shown(page) == ["c.jpg", "a.jpg"]


def test_two_batches_are_compared_on_the_same_images(scored_batch: Run, models: RunStore) -> None:
    other = models.create(Kind.PREDICT, "other", make_request(models, dataset="reserve"))
    models.enqueue(other.id)
    shutil.copytree(scored_batch.folder / "predictions", other.folder / "predictions")
    models.mark(other.id, State.FINISHED)
    page = evaluated_page(scored_batch, part="Compare")
    assert page.metric[-3].value == "0.0%"
    assert any("holds zero" in caption.value for caption in page.caption)


def test_a_batch_of_files_has_no_ground_truth(batch: Run) -> None:
    page = open_page(run=batch.id)
    assert "Against the truth" not in page.segmented_control(key="address_view").options
