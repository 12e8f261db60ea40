"""The Runs page: one run with its curves and what they mean, several side by side, and the actions on a run."""

import json
import time
from contextlib import ExitStack

import numpy as np
import pytest
from mlflow.entities import Metric
from streamlit.testing.v1 import AppTest

from tests.pages.open_page import open_page
from wildcam.data.catalog import open_dataset
from wildcam.data.splits import Subset
from wildcam.predictions.request import PredictionRequest
from wildcam.quality.submit import CheckRequest
from wildcam.runs.facts import CheckFacts, PredictFacts, SubsetScores, TrainFacts
from wildcam.runs.lock import Lock
from wildcam.runs.run import Progress, Run
from wildcam.runs.states import Kind, Lane, State
from wildcam.runs.store import RunStore
from wildcam.training.recipe import Recipe
from wildcam.training.validation_table import validation_table, write_validation

LOSSES = {"train_loss": [0.9, 0.6, 0.4, 0.3, 0.2], "val_loss": [0.8, 0.7, 0.75, 0.8, 0.9]}
ACCURACIES = {"train_accuracy": [0.5, 0.6, 0.7, 0.8, 0.9], "val_accuracy": [0.5, 0.6, 0.6, 0.55, 0.5]}


def finished(store: RunStore, name: str, *, split_fingerprint: str = "same", **changes: object) -> Run:
    """A run of five epochs that overfits from the third on."""
    run = store.create(Kind.TRAIN, name, Recipe.of("demo", "empty_cnn", **changes))
    store.enqueue(run.id)
    now = int(time.time() * 1000)
    points = [
        Metric(metric, value, now + 1000 * epoch, epoch)
        for metric, values in (LOSSES | ACCURACIES).items()
        for epoch, value in enumerate(values, start=1)
    ]
    store.log_points(run.id, points)
    store.write_facts(run.id, TrainFacts(split_fingerprint=split_fingerprint))
    store.mark(run.id, State.FINISHED)
    return store.get(run.id)


def runs_page(**address: str) -> AppTest:
    return open_page("runs", **address)


def texts(app: AppTest) -> str:
    kinds = (app.markdown, app.text, app.caption, app.warning, app.info, app.subheader)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_the_curves_of_a_run_are_drawn_and_explained(store: RunStore) -> None:
    run = finished(store, "one")
    page = runs_page(run=run.id, tab="curves")
    assert len(page.get("plotly_chart")) == 4
    assert "**Overfitting**\nFrom epoch 3 on, the training loss fell" in texts(page)


def test_the_options_of_curves_are_in_the_address(store: RunStore) -> None:
    run = finished(store, "one")
    page = runs_page(run=run.id, tab="curves", log="yes", smoothing="0.5")
    assert page.toggle(key="address_log").value
    assert page.slider(key="address_smoothing").value == 0.5
    page.toggle(key="address_log").set_value(False).run()
    assert "log" not in page.query_params


def test_columns_of_the_table_are_picked_and_kept_in_the_address(store: RunStore) -> None:
    finished(store, "one")
    page = runs_page()
    page.multiselect(key="address_columns").set_value(["run", "total_parameters"]).run()
    assert page.query_params["columns"] == "run,total_parameters"
    assert runs_page(columns=page.query_params["columns"]).multiselect(key="address_columns").value == [
        "run",
        "total_parameters",
    ]


def test_two_runs_are_compared_with_what_differs_and_a_warning_where_their_splits_do(store: RunStore) -> None:
    one, other = finished(store, "one"), finished(store, "other", epochs=7)
    page = runs_page(compare=f"{one.id},{other.id}")
    assert len(page.get("plotly_chart")) == 1
    assert page.dataframe[1].value.index.to_list() == ["epochs"]
    assert not page.warning
    third = finished(store, "third", split_fingerprint="another")
    warned = runs_page(compare=f"{one.id},{third.id}")
    assert "different splits" in warned.warning[0].value
    assert "same recipe" in texts(warned)


def test_the_runs_of_a_sweep_are_compared_by_what_varies_and_their_score(store: RunStore) -> None:
    runs = []
    for epochs, accuracy in ((5, 0.6), (7, 0.8)):
        recipe = Recipe.of("demo", "empty_cnn", epochs=epochs)
        run = store.create(Kind.TRAIN, f"epochs {epochs}", recipe, sweep="epochs (ab12)")
        store.enqueue(run.id)
        scores = SubsetScores(accuracy=accuracy, balanced_accuracy=0.5, macro_f1=0.5, majority_class_accuracy=0.5)
        store.write_facts(run.id, TrainFacts(scores={Subset.VAL: scores}))
        store.mark(run.id, State.FINISHED)
        runs.append(run)
    page = runs_page(compare=",".join(run.id for run in runs))
    assert len(page.get("plotly_chart")) == 2
    assert page.dataframe[2].value[["epochs", "Accuracy"]].to_numpy().tolist() == [["7", 0.8], ["5", 0.6]]
    link = next(link for link in runs_page(run=runs[0].id).get("page_link") if "of the sweep" in link.proto.label)
    assert "Compare all 2 runs of the sweep over epochs (ab12)" in link.proto.label.replace("\\", "")


def test_errors_are_shown_with_their_images(store: RunStore) -> None:
    run = finished(store, "one")
    index = open_dataset(store.settings.datasets_dir, "demo").index
    ids = index.loc[index["status"] == "ok", "image_id"].head(4).tolist()
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.05, 0.95], [0.6, 0.4]], dtype=np.float32)
    table = validation_table(ids, np.array([0, 0, 0, 1]), probabilities, ("empty", "animal"))
    run.folder.mkdir(parents=True, exist_ok=True)
    write_validation(run.folder, table, best=True)
    page = runs_page(run=run.id, tab="errors")
    notes = [text.value.split("\n")[-1] for text in page.text if "predicted" in text.value]
    assert notes == ["predicted animal (95%)", "predicted animal (80%)", "predicted empty (60%)"]
    assert page.dataframe[1].value["recall"].to_list() == pytest.approx([1 / 3, 0.0])
    opener = next(button for button in page.button if button.label == "Open")
    opener.click().run()
    assert page.query_params["image"] == ids[2]


def test_a_run_is_renamed_and_deleted(store: RunStore) -> None:
    run = finished(store, "one")
    page = runs_page(run=run.id)
    page.text_input(key=f"runs_name_{run.id}").set_value("better").run()
    page.button(key="runs_rename").click().run()
    assert store.get(run.id).name == "better"
    page.button(key="runs_delete").click().run()
    assert store.all() == []
    assert "No runs yet" in page.info[0].value


def test_a_link_to_a_run_that_is_gone_is_said_also_where_there_is_none(store: RunStore) -> None:
    page = runs_page(run="0123456789abcdef")
    assert "0123456789abcdef" in page.warning[0].value
    assert "No runs yet" in page.info[0].value


def test_the_order_of_waiting_runs_is_changed_and_one_is_cancelled(store: RunStore) -> None:
    waiting = [store.create(Kind.TRAIN, name, Recipe.of("demo", "empty_cnn")) for name in ("first", "second")]
    with ExitStack() as locks:
        for run in waiting:
            store.enqueue(run.id)
            locks.enter_context(Lock.acquire(run.lock_path))  # as a living worker does
        page = runs_page()
        assert "Queue" in texts(page)
        page.button(key=f"runs_move_down_{waiting[0].id}").click().run()
        assert [run.name for run in store.queue(Lane.TRAINING)] == ["second", "first"]
        page.button(key=f"runs_cancel_{waiting[1].id}").click().run()
        assert store.get(waiting[1].id).state is State.STOPPED


def test_a_note_is_kept_with_the_run_and_shown_in_the_table(store: RunStore) -> None:
    run = finished(store, "one")
    page = runs_page(run=run.id, columns="run,note")
    page.text_area(key=f"runs_note_{run.id}").set_value("the one with *fog*").run()
    page.button(key="runs_note_keep").click().run()
    assert store.get(run.id).note == "the one with *fog*"
    assert page.dataframe[0].value["note"].to_list() == ["the one with *fog*"]


def test_a_run_of_which_only_the_machine_is_known_has_no_curves_yet(store: RunStore) -> None:
    run = store.create(Kind.TRAIN, "one", Recipe.of("demo", "empty_cnn"))
    store.enqueue(run.id)
    store.log_points(run.id, [Metric("system/cpu_utilization_percentage", 50.0, 1000, 1)])
    page = runs_page(run=run.id, tab="curves")
    assert "start with the first batches" in texts(page)
    assert not page.get("plotly_chart")


def test_a_tag_is_put_on_and_taken_off(store: RunStore) -> None:
    run = finished(store, "one")
    page = runs_page(run=run.id)
    next(field for field in page.text_input if field.label == "Tag").set_value("site")
    next(field for field in page.text_input if field.label == "Value (optional)").set_value("Sabah")
    next(button for button in page.button if button.label == "Add tag").click().run()
    assert store.get(run.id).user_tags == {"site": "Sabah"}
    page.button(key=f"runs_untag_{run.id}_site").click().run()
    assert store.get(run.id).user_tags == {}


def test_a_tag_that_cannot_be_one_gets_a_sentence(store: RunStore) -> None:
    page = runs_page(run=finished(store, "one").id)
    next(field for field in page.text_input if field.label == "Tag").set_value("<b>")
    next(button for button in page.button if button.label == "Add tag").click().run()
    assert "expected letters" in page.error[0].value


def test_recipe_split_environment_and_files_of_a_run_are_shown(store: RunStore) -> None:
    run = finished(store, "one")
    facts = TrainFacts(
        images={Subset.TRAIN: 90, Subset.VAL: 12}, environment={"keras": "3.15"}, warnings=("Few *foxes*.",)
    )
    store.write_facts(run.id, facts)
    (run.folder / "notes.txt").write_text("twelve bytes")
    page = runs_page(run=run.id, tab="recipe")
    tables = [table.value for table in page.dataframe]
    assert any("3.15" in set(table.get("Value", [])) for table in tables)
    assert any(90 in set(table.get("Photos", [])) for table in tables)
    assert "Few \\*foxes\\*" in texts(page)
    files = [table.value for table in runs_page(run=run.id, tab="files").dataframe]
    assert any("notes.txt" in set(table.get("File", [])) for table in files)


def test_a_finished_check_and_a_finished_batch_show_what_they_found(store: RunStore) -> None:
    checked = store.create(Kind.CHECK, "files", CheckRequest(dataset="demo"))
    store.enqueue(checked.id)
    store.write_facts(checked.id, CheckFacts(images=150, measured=149, findings={"near_identical": 2}))
    store.mark(checked.id, State.FINISHED)
    shown = [dict(table.value.to_numpy()) for table in runs_page(run=checked.id).dataframe if "Value" in table.value]
    assert {"Photos": "150", "Files measured": "149", "Near-identical": "2"} in shown
    request = PredictionRequest(dataset="demo", species_model="park", empty_threshold=0.5, unknown_threshold=0.4)
    batch = store.create(Kind.PREDICT, "spring", request)
    store.enqueue(batch.id)
    store.write_facts(batch.id, PredictFacts(images=1200, failed=1, labels={"fox": 1199}, accuracy=0.5))
    store.mark(batch.id, State.FINISHED)
    shown = [dict(table.value.to_numpy()) for table in runs_page(run=batch.id).dataframe if "Value" in table.value]
    assert {"Photos": "1,200", "Unreadable": "1", "Accuracy": "0.5", "fox": "1,199"} in shown


@pytest.mark.parametrize("page", ["runs", "batch"])
def test_an_address_finds_a_run_by_the_beginning_of_its_id_or_by_its_name(store: RunStore, page: str) -> None:
    request = PredictionRequest(dataset="demo", species_model="park", empty_threshold=0.5, unknown_threshold=0.4)
    older, newer = (store.create(Kind.PREDICT, name, request) for name in ("spring", "summer"))
    for run in (older, newer):
        store.enqueue(run.id)
        store.mark(run.id, State.FINISHED)
    for linked in (older.id[:8], "spring"):
        app = open_page(page, run=linked)
        assert app.query_params["run"] == older.id
        assert not app.warning


@pytest.mark.parametrize("page", ["runs", "batch"])
def test_an_address_of_a_run_that_is_gone_is_not_followed_without_a_word(store: RunStore, page: str) -> None:
    request = PredictionRequest(dataset="demo", species_model="park", empty_threshold=0.5, unknown_threshold=0.4)
    for name in ("twice", "twice"):
        run = store.create(Kind.PREDICT, name, request)
        store.enqueue(run.id)
        store.mark(run.id, State.FINISHED)
    assert "is not among the runs" in open_page(page, run="0" * 32).warning[0].value
    assert "fits 2 runs" in open_page(page, run="twice").warning[0].value


def test_a_run_whose_data_set_is_gone_offers_no_resume(store: RunStore) -> None:
    run = store.create(Kind.TRAIN, "one", Recipe.of("deleted", "empty_cnn"))
    store.enqueue(run.id)
    store.mark(run.id, State.STOPPED)
    page = runs_page(run=run.id)
    assert "runs_resume" not in [button.key for button in page.button]
    assert "data set deleted was deleted" in texts(page)


def test_what_an_address_asks_for_and_is_not_here_is_said(store: RunStore) -> None:
    one, other = finished(store, "one"), finished(store, "other", epochs=7)
    both = f"{one.id},{other.id}"
    page = runs_page(compare=f"{both},{'0' * 32}", curve="nonsense")
    assert page.query_params["compare"] == both
    assert "is left out" in page.warning[0].value
    assert "curve" in page.toast[0].value.split()
    assert "curve" not in page.query_params
    assert not runs_page(compare=both).toast


def tick(page: AppTest, *rows: int) -> AppTest:
    """Tick these rows of the table, as the browser tells it."""
    states = page._tree.get_widget_states()
    selection = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    states.widgets.add(id=page.dataframe[0].proto.id, string_value=json.dumps(selection))
    return page._run(states)


def test_a_tick_opens_a_run_and_several_compare(store: RunStore) -> None:
    one, other = finished(store, "one"), finished(store, "other")  # the newest is the first row
    page = runs_page(tab="curves")
    assert not page.get("plotly_chart")
    tick(page, 1)
    assert page.query_params["run"] == one.id
    assert len(page.get("plotly_chart")) == 4  # the next run opens in the tab of the one before
    tick(page, 0, 1)
    assert page.query_params["compare"] == f"{one.id},{other.id}"
    assert "run" not in page.query_params
    assert "Recipe differences" in texts(page)
    tick(page)
    assert not {"run", "compare"} & set(page.query_params)


def test_a_run_of_the_address_is_ticked_and_stays_so_when_a_new_one_comes(store: RunStore) -> None:
    one = finished(store, "one")
    page = runs_page(run=one.id)
    assert page.session_state["runs_table"]["selection"]["rows"] == [0]
    finished(store, "newer")
    page.run()
    assert page.session_state["runs_table"]["selection"]["rows"] == [1]
    assert page.query_params["run"] == one.id


def test_runs_are_filtered_and_the_address_keeps_it(store: RunStore) -> None:
    finished(store, "one")
    checked = store.create(Kind.CHECK, "files", CheckRequest(dataset="demo"))
    store.enqueue(checked.id)
    store.mark(checked.id, State.FAILED, "No.")
    for address in ({"kinds": "check"}, {"states": "failed"}, {"search": "FILES"}):
        assert runs_page(**address).dataframe[0].value["run"].to_list() == ["files"], address
    page = runs_page()
    page.multiselect(key="address_kinds").set_value(["train"]).run()
    assert page.query_params["kinds"] == "train"
    assert page.dataframe[0].value["run"].to_list() == ["one"]
    assert "1 of 2 runs" in texts(page)


def test_the_end_of_a_run_is_shown_once_on_any_page(store: RunStore) -> None:
    run = store.create(Kind.TRAIN, "long *one*", Recipe.of("demo", "empty_cnn"))
    store.enqueue(run.id)
    with Lock.acquire(run.lock_path):
        page = open_page("glossary")
        assert not page.toast
        store.mark(run.id, State.FINISHED)
    (toast,) = page.run().toast
    assert toast.value.replace("\\", "") == "long *one*: Finished."
    assert "\\*one" in toast.value
    assert not page.run().toast


def test_the_table_shows_the_margin_and_how_far_a_run_is(store: RunStore) -> None:
    run = store.create(Kind.TRAIN, "long", Recipe.of("demo", "empty_cnn"))
    with ExitStack() as locks:
        store.enqueue(run.id)
        locks.enter_context(Lock.acquire(run.lock_path))
        store.mark(run.id, State.RUNNING)
        run.write_progress(Progress(phase="training", seconds_left=300.0, share=0.4))
        row = runs_page().dataframe[0].value.iloc[0]
        assert (row["state"], row["progress"], row["left"]) == ("running", 0.4, "5 min")
