"""The Train page: cards, cost, both stages, sweeps, and starting again from another run."""

from collections.abc import Iterator

import pytest
import streamlit as st
from mlflow.entities import Metric
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Expander

from pages.train.launch import Launch
from pages.train.templates import TEMPLATES, Template
from tests.pages.open_page import open_page
from wildcam.architectures.presets import PRESETS
from wildcam.data.catalog import build_index, delete_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import SplitPolicy
from wildcam.runs import local
from wildcam.runs.facts import LRFinderFacts
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.training.recipe import ImbalanceStrategy, Recipe, Weights


def train(**address: str) -> AppTest:
    """The form of a preset that has every kind of field; a clone keeps its own."""
    app = open_page("train", **address)
    return app if "clone" in address else app.selectbox(key="train_preset").set_value("empty_cnn").run()


@pytest.fixture
def store(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """Runs are queued and no worker starts."""

    def queue(store: RunStore, run: Run) -> Run:
        store.enqueue(run.id)
        return store.get(run.id)

    monkeypatch.setattr(local, "launch", queue)
    return store


@pytest.mark.parametrize(("gpus", "preset"), [([], "probe"), (["A GPU, 80000 MiB"], "efficientnet_lite0")])
def test_the_form_begins_with_what_the_machine_can_train(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, gpus: list[str], preset: str
) -> None:
    monkeypatch.setattr("wildcam.training.compute_device._gpus", lambda: gpus)
    st.cache_data.clear()
    assert open_page("train").selectbox(key="train_preset").value == preset
    st.cache_data.clear()


def test_every_preset_can_be_swept_one_after_the_other(store: RunStore) -> None:
    app = train()
    app.segmented_control(key="train_launch").set_value(Launch.SWEEP).run()
    for preset in PRESETS:
        app.selectbox(key="train_preset").set_value(preset).run()
        assert not app.exception
        assert app.multiselect(key="train_sweep_fields").value


def test_where_no_split_can_be_trained_each_says_why(store: RunStore) -> None:
    index = build_index(
        {"image_id": ["a", "b", "c"], "path": ["a.jpg", "b.jpg", "c.jpg"], "label": ["fox", "fox", "empty"]}
    )
    datasets_dir = store.settings.datasets_dir
    save_dataset(
        datasets_dir,
        index,
        name="tiny",
        source="",
        root=datasets_dir,
        format="csv",
        labels=LabelPolicy(empty=("empty",)),
    )
    try:
        app = train(dataset="tiny")
        assert not app.exception
        assert any(info.value.startswith("No split of this data set") for info in app.info)
        reasons = [caption.value.split(":")[0] for caption in app.caption]
        assert {"By location", "Random"} <= set(reasons)
    finally:
        delete_dataset(datasets_dir, "tiny")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.preset)
def test_a_template_fills_the_form(store: RunStore, template: Template) -> None:
    app = train()
    app.selectbox(key="train_preset").set_value(template.preset).run()
    app.number_input(key=f"train_{template.preset}_seed").set_value(9).run()
    app.selectbox(key="train_preset").set_value("resnet50").run()
    app.button(key=f"train_template_{template.preset}").click().run()
    assert not app.exception
    assert app.selectbox(key="train_preset").value == template.preset
    assert app.number_input(key=f"train_{template.preset}_seed").value == 0
    values = {"split": SplitPolicy.LOCATION} | dict(template.values)
    assert app.selectbox(key=f"train_{template.preset}_split").value == values["split"]


def test_a_template_leaves_the_split_to_the_data_set(class_folders: str) -> None:
    app = train(dataset=class_folders)
    app.button(key="train_template_probe").click().run()
    assert app.selectbox(key="train_probe_split").value != SplitPolicy.LOCATION
    assert not app.error


def test_the_table_says_which_preset_to_choose_when(store: RunStore) -> None:
    table = train().dataframe[0].value
    assert table["Preset"].to_list() == [preset.title for preset in PRESETS.values()]
    assert table["Choose it"].str.len().gt(0).all()


def test_few_fields_are_in_view_and_an_edited_one_opens_the_others(store: RunStore) -> None:
    def advanced(app: AppTest) -> Expander:
        return next(expander for expander in app.expander if expander.label == "Advanced")

    app = train()
    assert not advanced(app).proto.expanded
    inside = {str(widget.key) for widget in [*advanced(app).number_input, *advanced(app).selectbox]}
    assert "train_empty_cnn_dropout" in inside
    assert not inside & {"train_empty_cnn_task", "train_empty_cnn_split", "train_empty_cnn_epochs"}
    assert not [button for button in advanced(app).button if button.key == "train_start"]
    app.number_input(key="train_empty_cnn_epochs").set_value(3).run()
    assert not advanced(app).proto.expanded
    app.number_input(key="train_empty_cnn_dropout").set_value(0.2).run()
    assert advanced(app).proto.expanded
    app.switch_page("pages/glossary/page.py").run()
    app.switch_page("pages/train/page.py").run()
    assert advanced(app).proto.expanded
    assert app.number_input(key="train_empty_cnn_dropout").value == 0.2


def test_the_cost_of_a_run_is_shown_before_it_starts(store: RunStore) -> None:
    said = " ".join(caption.value for caption in train().caption)
    assert "Device: " in said
    assert "GB free" in said
    assert "The time per epoch is known after a first run" in said
    run = store.create(Kind.LR_FINDER, "measured", Recipe.of("demo", "empty_cnn"))
    store.enqueue(run.id)
    store.write_facts(run.id, LRFinderFacts(seconds_per_step=2.0))
    assert "An epoch takes about 2 s (measured by the run measured)." in " ".join(
        caption.value for caption in train().caption
    )


def test_choices_are_shown_by_their_titles_and_kept_as_slugs(store: RunStore) -> None:
    app = train()
    field = app.selectbox(key="train_empty_cnn_imbalance_strategy")
    assert field.options[1] == "class weights"
    field.set_value(ImbalanceStrategy.CLASS_WEIGHTS).run()
    assert "--imbalance-strategy class_weights" in app.code[0].value


def test_both_stages_start_with_one_click_on_one_split(store: RunStore) -> None:
    app = train()
    app.selectbox(key="train_preset").set_value("efficientnet_b0").run()
    app.selectbox(key="train_efficientnet_b0_weights").set_value(Weights.RANDOM)
    app.number_input(key="train_efficientnet_b0_split_seed").set_value(7).run()
    app.segmented_control(key="train_launch").set_value(Launch.BOTH_STAGES).run()
    assert app.code[0].value.count("--split-seed 7") == 2
    app.button(key="train_start").click().run()
    recipes = {run.params["task"]: run.params for run in store.all(Kind.TRAIN)}
    assert set(recipes) == {"empty", "species"}
    assert recipes["empty"]["split_seed"] == recipes["species"]["split_seed"] == "7"


def test_both_stages_want_a_species_preset(store: RunStore) -> None:
    app = train()
    app.segmented_control(key="train_launch").set_value(Launch.BOTH_STAGES).run()
    assert "choose the task species" in app.error[0].value
    assert "train_start" not in [button.key for button in app.button]
    app.button(key="train_mend_stages").click().run()
    assert not app.error
    assert app.code[0].value.count("--dataset demo") == 2


def test_values_that_do_not_fit_each_other_are_put_back_by_a_button(store: RunStore) -> None:
    app = train()
    app.number_input(key="train_empty_cnn_test_fraction").set_value(0.6)
    app.number_input(key="train_empty_cnn_val_fraction").set_value(0.5).run()
    assert app.error
    app.button(key="train_reset").click().run()
    assert not app.error
    assert app.number_input(key="train_empty_cnn_test_fraction").value == 0.15


def test_the_values_that_are_put_back_have_the_split_of_the_data_set(store: RunStore) -> None:
    app = train()
    split = app.selectbox(key="train_empty_cnn_split").value
    app.selectbox(key="train_empty_cnn_split").set_value(SplitPolicy.RANDOM)
    app.number_input(key="train_empty_cnn_test_fraction").set_value(0.6)
    app.number_input(key="train_empty_cnn_val_fraction").set_value(0.5).run()
    app.button(key="train_reset").click().run()
    assert app.selectbox(key="train_empty_cnn_split").value == split


def test_a_sweep_queues_a_run_for_every_combination(store: RunStore) -> None:
    app = train()
    app.segmented_control(key="train_launch").set_value(Launch.SWEEP).run()
    app.multiselect(key="train_sweep_fields").set_value(["epochs", "dropout"]).run()
    app.text_input(key="train_sweep_epochs").set_value("1, 2")
    app.text_input(key="train_sweep_dropout").set_value("0.1, 0.2").run()
    app.button(key="train_start").click().run()
    made = {(run.params["epochs"], run.params["dropout"]) for run in store.all(Kind.TRAIN)}
    assert made == {("1", "0.1"), ("1", "0.2"), ("2", "0.1"), ("2", "0.2")}
    (tie,) = {run.sweep for run in store.all(Kind.TRAIN)}
    assert tie.startswith("epochs, dropout (")


def test_a_bad_value_in_a_sweep_is_one_sentence_and_starts_nothing(store: RunStore) -> None:
    app = train()
    app.segmented_control(key="train_launch").set_value(Launch.SWEEP).run()
    app.text_input(key="train_sweep_learning_rate").set_value("much").run()
    assert "learning\\_rate" in app.error[0].value
    assert not store.all(Kind.TRAIN)
    app.button(key="train_mend_sweep").click().run()
    assert not app.exception
    assert not app.error
    assert app.text_input(key="train_sweep_learning_rate").value == "0.001"


def test_a_run_is_started_again_with_changes(store: RunStore) -> None:
    recipe = Recipe.of("demo", "efficientnet_b0", epochs=3, weights="random", dropout=0.45)
    run = store.create(Kind.TRAIN, "first", recipe)
    store.enqueue(run.id)
    app = train(clone=run.id)
    assert app.selectbox(key="train_preset").value == "efficientnet_b0"
    assert app.number_input(key="train_efficientnet_b0_dropout").value == 0.45
    app.number_input(key="train_efficientnet_b0_epochs").set_value(4).run()
    assert app.code[0].value == (
        "python -m wildcam train --dataset demo --preset efficientnet_b0 --weights random --dropout 0.45 --epochs 4"
    )


def test_a_run_that_is_gone_cannot_be_started_again(store: RunStore) -> None:
    assert "cannot be cloned" in train(clone="nothing").warning[0].value


def test_a_suggested_rate_is_used_with_one_click(store: RunStore) -> None:
    run = store.create(Kind.LR_FINDER, "finder", Recipe.of("demo", "empty_cnn"))
    store.enqueue(run.id)
    points = [
        Metric(name, value, 1000 + step, step)
        for step in range(1, 6)
        for name, value in (
            ("finder_learning_rate", 10.0 ** (step - 6)),
            ("finder_loss", 1 / step),
            ("finder_raw_loss", 1 / step),
        )
    ]
    store.log_points(run.id, points)
    store.write_facts(run.id, LRFinderFacts(suggested_learning_rate=0.00321))
    store.mark(run.id, State.FINISHED)
    app = train()
    assert len(app.get("plotly_chart")) == 1
    app.button(key="train_use_rate").click().run()
    assert app.number_input(key="train_empty_cnn_learning_rate").value == 0.0032
    assert "--learning-rate 0.0032" in app.code[0].value


def test_a_finder_without_a_suggestion_says_so(store: RunStore) -> None:
    run = store.create(Kind.LR_FINDER, "finder", Recipe.of("demo", "empty_cnn"))
    store.enqueue(run.id)
    store.write_facts(run.id, LRFinderFacts(learning_rate_note="No rate lowered the loss."))
    store.mark(run.id, State.FINISHED)
    assert any("No rate lowered" in info.value for info in train().info)


def test_the_learning_rate_finder_queues_a_run_of_its_own(store: RunStore) -> None:
    app = train()
    app.button(key="train_run_lr_finder").click().run()
    assert [run.params["preset"] for run in store.all(Kind.LR_FINDER)] == ["empty_cnn"]
    assert store.all(Kind.TRAIN) == []


def test_an_edited_form_survives_a_look_at_another_page(store: RunStore) -> None:
    app = train()
    app.selectbox(key="train_preset").set_value("resnet50").run()
    app.number_input(key="train_resnet50_epochs").set_value(3)
    app.selectbox(key="train_resnet50_weights").set_value(Weights.RANDOM)
    app.text_input(key="train_name").set_value("the third try").run()
    for page in ("explore", "home", "glossary"):
        app.switch_page(f"pages/{page}/page.py").run()
    app.switch_page("pages/train/page.py").run()
    assert app.selectbox(key="train_preset").value == "resnet50"
    assert app.number_input(key="train_resnet50_epochs").value == 3
    assert app.selectbox(key="train_resnet50_weights").value == Weights.RANDOM
    assert app.text_input(key="train_name").value == "the third try"
    assert "--epochs 3" in app.code[0].value


@pytest.fixture
def class_folders(store: RunStore) -> Iterator[str]:
    """A data set without locations, times or bursts."""
    datasets = store.settings.datasets_dir
    labels = [label for label in ("empty", "fox", "hare") for _ in range(60)]
    index = build_index(
        {
            "image_id": [f"{n:03}" for n in range(180)],
            "path": [f"{label}/{n:03}.jpg" for n, label in enumerate(labels)],
            "label": labels,
        }
    )
    policy = LabelPolicy(empty=("empty",))
    save_dataset(datasets, index, name="folders", source="", root=datasets, format="folders", labels=policy)
    yield "folders"
    delete_dataset(datasets, "folders")


def test_folders_of_classes_are_split_in_the_first_way_that_works_and_the_page_says_why(
    class_folders: str,
) -> None:
    app = train(dataset=class_folders)
    assert not app.error
    assert app.selectbox(key="train_empty_cnn_split").value != SplitPolicy.LOCATION
    assert any("needs 3 or more locations" in info.value for info in app.info)
    assert not app.button(key="train_start").disabled


def test_a_refused_split_offers_its_mends_as_buttons(class_folders: str) -> None:
    app = train(dataset=class_folders)
    app.selectbox(key="train_empty_cnn_split").set_value(SplitPolicy.LOCATION).run()
    assert "needs 3 or more locations" in app.error[0].value
    mend = next(button for button in app.button if str(button.key).startswith("train_mend_split_"))
    mend.click().run()
    assert not app.error
    assert not app.button(key="train_start").disabled


def test_another_data_set_brings_its_own_split_unless_one_was_chosen(class_folders: str) -> None:
    app = train(dataset=class_folders)
    app.sidebar.selectbox(key="address_dataset").set_value("demo").run()
    assert app.selectbox(key="train_empty_cnn_split").value == SplitPolicy.LOCATION
    app.selectbox(key="train_empty_cnn_split").set_value(SplitPolicy.RANDOM).run()
    app.sidebar.selectbox(key="address_dataset").set_value(class_folders).run()
    assert app.selectbox(key="train_empty_cnn_split").value == SplitPolicy.RANDOM


def test_a_clone_of_a_run_whose_data_set_is_gone_says_so(store: RunStore) -> None:
    run = store.create(Kind.TRAIN, "first", Recipe.of("deleted", "empty_cnn", epochs=3))
    store.enqueue(run.id)
    app = train(clone=run.id)
    assert any("data set deleted was deleted" in warning.value for warning in app.warning)
    assert app.number_input(key="train_empty_cnn_epochs").value == 3


def test_runs_of_a_sweep_are_distinguished_by_their_names(store: RunStore) -> None:
    app = train()
    app.segmented_control(key="train_launch").set_value(Launch.SWEEP).run()
    app.text_input(key="train_sweep_learning_rate").set_value("4e-5, 0.001").run()
    app.button(key="train_start").click().run()
    names = {run.name for run in store.all(Kind.TRAIN)}
    assert names == {"empty_cnn on demo: learning_rate 4e-05", "empty_cnn on demo: learning_rate 0.001"}
