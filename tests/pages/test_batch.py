"""The Batch page: start, look through, correct, export."""

import io
import json
import shutil
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.open_page import open_page
from wildcam.architectures.presets import Task
from wildcam.data.catalog import open_dataset
from wildcam.data.reviews import Reviews
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import PROJECT_DIR
from wildcam.training.recipe import Recipe

batch_page = partial(open_page, "batch")

APP = PROJECT_DIR / "app.py"


def shown(page: AppTest) -> list[str]:
    """Paths of the cards, in their order."""
    return [text.value.split("\n")[1] for text in page.text if ".jpg" in text.value and "\n" in text.value]


def test_without_models_the_page_says_what_to_do(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WILDCAM_MODELS", str(tmp_path))
    assert "Train one and promote it" in batch_page().info[0].value.replace("\\", "")


def test_a_batch_of_a_folder_is_started_and_answers(
    models: RunStore, image: Callable[..., bytes], tmp_path: Path
) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "fox.jpg").write_bytes(image(60, 230, 60))
    page = batch_page()
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
    page = batch_page(run=run.id)
    assert shown(page) == ["fox.jpg"]
    assert [metric.value for metric in page.metric] == ["1", "0", "1", "0", "0"]


def test_another_program_s_results_become_a_batch_that_is_evaluated(models: RunStore) -> None:
    index = open_dataset(models.settings.datasets_dir, "demo").index
    images = [{"file": path, "detections": []} for path in index["path"]]
    page = batch_page()
    page.segmented_control(key="batch_answers").set_value("Another program's results").run()
    assert page.button(key="batch_results_start").disabled
    content = json.dumps({"images": images, "info": {"detector": "md_v5a"}}).encode()
    page.file_uploader[0].set_value(("md.json", content, "application/json")).run()
    page.button(key="batch_results_start").click().run()
    assert not page.exception
    (run,) = models.all(Kind.PREDICT)
    deadline = time.monotonic() + 60
    while models.get(run.id).state.is_live:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    page = batch_page(run=run.id)
    assert not page.exception
    assert "detections from 0.2, from md.json" in page.caption[0].value.replace("\\", "")
    page = open_page("evaluation", run=run.id)
    for part in ("scores", "classes", "confusions", "locations", "empty_filter", "calibration", "review", "comparison"):
        assert not open_page("evaluation", run=run.id, part=part).exception, part


def test_a_zip_of_several_files_is_no_results_file(models: RunStore) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.json", "{}")
        archive.writestr("b.json", "{}")
    page = batch_page()
    page.segmented_control(key="batch_answers").set_value("Another program's results").run()
    page.file_uploader[0].set_value(("both.zip", packed.getvalue(), "application/zip")).run()
    page.button(key="batch_results_start").click().run()
    assert not page.exception
    assert "holds 2 files: upload one file of results" in page.error[0].value.replace("\\", "")


def test_the_demo_models_are_offered_for_the_demo_data(models: RunStore, write_model: Callable[..., object]) -> None:
    assert not [button for button in batch_page().button if button.key == "batch_demo_models"]  # there are none
    write_model("demo-empty", Task.EMPTY, dataset="demo", is_demo=True)
    write_model("demo-species", Task.SPECIES, dataset="demo", is_demo=True)
    page = batch_page()
    page.button(key="batch_demo_models").click().run()
    assert not page.exception
    assert page.selectbox(key="identify_empty").value == "demo-empty"
    assert not [button for button in page.button if button.key == "batch_demo_models"]


def test_results_of_other_photos_are_refused_on_the_page(models: RunStore) -> None:
    page = batch_page()
    page.segmented_control(key="batch_answers").set_value("Another program's results").run()
    page.file_uploader[0].set_value(("md.json", b'{"images": [{"file": "x.jpg", "detections": []}]}', "")).run()
    page.button(key="batch_results_start").click().run()
    assert "none is in the photos of demo" in page.error[0].value
    assert models.all(Kind.PREDICT) == []


def test_a_folder_that_does_not_exist_gets_a_message(models: RunStore) -> None:
    page = batch_page()
    page.segmented_control(key="batch_source").set_value("Folder on the server").run()
    page.text_input(key="batch_folder").set_value("/nowhere").run()
    page.button(key="batch_start").click().run()
    assert "is not a folder on this machine" in page.error[0].value
    assert models.all() == []


def test_the_least_confident_come_first_and_filters_narrow_them(batch: Run) -> None:
    page = batch_page(run=batch.id)
    assert [metric.value for metric in page.metric] == ["5", "1", "3", "0", "1"]
    assert shown(page) == ["c.jpg", "d.jpg", "b.jpg", "a.jpg", "e.jpg"]
    assert shown(batch_page(run=batch.id, verdict="fox", order="most_confident")) == ["a.jpg", "c.jpg"]
    page.slider(key="batch_confidence").set_value((60, 85)).run()
    assert shown(page) == ["d.jpg", "b.jpg"]


def test_species_locations_and_bursts_are_summed_up(batch: Run) -> None:
    species = batch_page(run=batch.id, view="species").dataframe[0].value.set_index("label")
    assert species["images"].to_dict() == {"fox": 2, "empty": 1, "deer": 1, "failed": 1}
    locations = batch_page(run=batch.id, view="locations").dataframe[0].value.set_index("location")
    assert locations.loc["north", ["animals", "empty", "failed", "majority"]].tolist() == [2, 1, 0, "fox"]
    assert locations.loc["south", ["animals", "empty", "failed", "majority"]].tolist() == [1, 0, 1, "deer"]
    bursts = batch_page(run=batch.id, view="bursts").dataframe[0].value
    assert bursts[["label", "agreement", "images"]].values.tolist() == [["fox", 2, 3]]


def test_an_image_is_corrected(batch: Run, models: RunStore) -> None:
    page = batch_page(run=batch.id, image="c")
    box = next(box for box in page.selectbox if box.label == "Label")
    assert "fox" not in box.options
    box.set_value("hare")
    next(button for button in page.button if button.label == "Save correction").click().run()
    assert not page.exception
    table = Reviews(models.settings.home).table()
    assert table[["label", "predicted"]].values.tolist() == [["hare", "fox"]]
    assert Path(table["path"].iloc[0]).name == "c.jpg"
    assert any("Corrected to hare" in info.value for info in page.info)


@pytest.mark.parametrize("name", ["megadetector", "coco", "csv"])
def test_the_results_are_downloaded(batch: Run, name: str) -> None:
    page = batch_page(run=batch.id)
    page.selectbox(key="batch_format").set_value(name).run()
    assert not downloads(page)
    page.button(key="batch_write").click().run()
    assert not page.exception
    assert downloads(page) == ["Download 5 predictions"]


def test_camtrap_dp_takes_time_zone_and_coordinates(batch: Run) -> None:
    page = batch_page(run=batch.id)
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
    page = batch_page(run=batch.id)
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
    page = batch_page(run="New batch", model=f"run:{trained.id}")
    assert page.checkbox(key="batch_alone").value
    assert page.selectbox(key="batch_model").value == f"run:{trained.id}"


def test_a_latitude_without_a_longitude_gets_a_message(batch: Run) -> None:
    page = batch_page(run=batch.id)
    page.selectbox(key="batch_format").set_value("camtrap_dp").run()
    page.number_input(key="batch_latitude").set_value(1.5).run()
    assert "only one of latitude and longitude" in page.error[0].value


def test_the_photos_of_a_ground_truth_are_found(scored_batch: Run) -> None:
    page = batch_page(run=scored_batch.id, ground_truth="deer", verdict="fox")
    assert shown(page) == ["c.jpg"]
    page.button(key="batch_ground_truth").click().run()
    assert shown(page) == ["c.jpg", "a.jpg"]


@pytest.mark.parametrize(("ground_truth", "paths"), [("empty", ["b.jpg"]), ("deer", ["c.jpg", "d.jpg"])])
def test_the_ground_truth_of_a_photo_is_not_the_raw_label(
    scored_batch: Run, relabel: Callable[..., None], ground_truth: str, paths: list[str]
) -> None:
    relabel("blank")
    assert sorted(shown(batch_page(run=scored_batch.id, ground_truth=ground_truth))) == paths


def test_the_ground_truth_of_stage_1_alone_is_animal_or_empty(
    scored_batch: Run, relabel: Callable[..., None], answer_by_stage_1: Callable[[Run], None]
) -> None:
    relabel("blank")
    answer_by_stage_1(scored_batch)
    found = {name: sorted(shown(batch_page(run=scored_batch.id, ground_truth=name))) for name in ("animal", "empty")}
    assert found == {"animal": ["a.jpg", "c.jpg", "d.jpg", "e.jpg"], "empty": ["b.jpg"]}


@pytest.mark.parametrize("of_dataset", [True, False])
def test_a_finished_batch_of_a_data_set_leads_to_its_evaluation(
    batch: Run, scored_batch: Run, of_dataset: bool
) -> None:
    page = batch_page(run=scored_batch.id if of_dataset else batch.id)
    links = [link.proto.label for link in page.get("page_link")]
    assert ("Evaluation" in links) is of_dataset
