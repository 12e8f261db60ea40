"""Home: doors where nothing is here, and one live screen where something is."""

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from wildcam.data.catalog import list_datasets
from wildcam.data.splits import Subset
from wildcam.runs.facts import SubsetScores, TrainFacts
from wildcam.runs.lock import Lock
from wildcam.runs.run import Progress
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import open_bundle
from wildcam.settings import PROJECT_DIR, SHIPPED_MODELS_DIR, load_settings
from wildcam.training.recipe import Recipe

APP = PROJECT_DIR / "app.py"


def home(**address: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=120)
    app.query_params.update(address)
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    kinds = (app.markdown, app.text, app.caption, app.subheader, app.info)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def keys(app: AppTest) -> list[str]:
    return [str(button.key) for button in app.button]


def test_an_empty_home_has_three_doors_and_the_demo_is_made_by_a_button(
    tmp_path: Path, drawn_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("pages.home.doors.DEMO_IMAGES", 120)
    app = home()
    assert "Folders of photos" in texts(app)
    assert "An existing data set" in texts(app)
    app.button(key="home_demo").click().run()
    assert not app.exception
    assert [info.name for info in list_datasets(load_settings().datasets_dir)] == ["demo"]
    assert "Folders of photos" not in texts(app)
    assert app.query_params["dataset"] == "demo"


def test_what_runs_is_shown_with_its_bar_and_can_be_stopped(store: RunStore) -> None:
    run = store.create(Kind.TRAIN, "long", Recipe.of("demo", "empty_cnn"))
    with ExitStack() as locks:
        store.enqueue(run.id)
        locks.enter_context(Lock.acquire(run.lock_path))
        store.mark(run.id, State.RUNNING)
        run.write_progress(Progress(phase="training", epoch=2, epochs=9, seconds_left=300.0, share=0.4))
        app = home()
        assert "Running now" in texts(app)
        assert any("training, 40%" in text for text in (bar.proto.text for bar in app.sidebar.get("progress")))
        app.button(key=f"home_stop_{run.id}").click().run()
        assert store.get(run.id).state is State.STOPPING


def test_the_last_result_stands_beside_its_baseline(store: RunStore) -> None:
    run = store.create(Kind.TRAIN, "poor", Recipe.of("demo", "empty_cnn"))
    store.enqueue(run.id)
    scores = SubsetScores(accuracy=0.304, balanced_accuracy=0.3, macro_f1=0.2, majority_class_accuracy=0.391)
    store.write_facts(run.id, TrainFacts(scores={Subset.ID_VAL: scores}))
    store.mark(run.id, State.FINISHED)
    app = home()
    assert (app.metric[0].value, app.metric[0].delta) == ("30.4%", "-8.7 points to the baseline")
    assert "same locations" in app.metric[0].label
    assert "Not better than always predicting" in texts(app)


def test_the_next_step_of_a_data_set_is_one_button(store: RunStore) -> None:
    app = home()
    assert app.button(key="home_next_demo").label == "Check the files"
    app.button(key="home_next_demo").click().run()
    assert app.query_params["section"] == "quality"
    assert app.query_params["dataset"] == "demo"


def test_a_drawn_photo_is_answered_in_place(store: RunStore) -> None:
    app = home()
    first = next(key for key in keys(app) if key.startswith("home_try_"))
    assert "%]" not in texts(app)
    app.button(key=first).click().run()
    assert not app.exception
    assert "%]" in texts(app)  # a chip with label and confidence
    assert first in keys(app)


def test_the_data_set_is_the_same_on_every_page_and_stays_so(store: RunStore) -> None:
    datasets = store.settings.datasets_dir
    shutil.copytree(datasets / "demo", datasets / "other")
    card = datasets / "other" / "dataset.json"
    card.write_text(card.read_text().replace('"name": "demo"', '"name": "other"', 1))
    try:
        app = home()
        assert app.sidebar.selectbox(key="address_dataset").value == "demo"
        app.sidebar.selectbox(key="address_dataset").set_value("other").run()
        for page in ("train", "explore", "runs"):
            app.switch_page(f"pages/{page}/page.py").run()
            assert app.query_params["dataset"] == "other"
            assert app.sidebar.selectbox(key="address_dataset").value == "other"
    finally:
        shutil.rmtree(datasets / "other")


def test_a_data_set_gets_a_title_and_is_deleted_after_a_question(store: RunStore) -> None:
    datasets = store.settings.datasets_dir
    shutil.copytree(datasets / "demo", datasets / "other")
    card = datasets / "other" / "dataset.json"
    card.write_text(card.read_text().replace('"name": "demo"', '"name": "other"', 1))
    app = home(dataset="other")
    app.button(key="home_manage_other").click().run()
    app.text_input(key="home_title_other").set_value("Valley *2024*").run()
    app.button(key="home_rename").click().run()
    assert not app.exception
    assert "**Valley \\*2024\\*" in texts(app)
    assert "Valley *2024*" in app.sidebar.selectbox(key="address_dataset").options
    assert app.query_params["dataset"] == "other"
    assert "home_rename" not in keys(app)
    app.button(key="home_manage_other").click().run()
    assert "Its photos stay where they are." in texts(app)
    app.button(key="home_delete_other").click().run()
    assert not app.exception
    assert not app.warning
    assert [info.name for info in list_datasets(datasets)] == ["demo"]


@pytest.mark.parametrize("page", ["home", "train", "explore"])
def test_a_data_set_that_is_gone_is_not_replaced_without_a_word(store: RunStore, page: str) -> None:
    app = AppTest.from_file(APP, default_timeout=120)
    app.run()
    if page != "home":
        app.switch_page(f"pages/{page}/page.py")
    app.query_params["dataset"] = "deleted"
    app.run()
    assert "'deleted' in the link does not exist" in app.warning[0].value.replace("\\", "")


def test_a_model_is_shown_with_its_best_supported_score(new_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WILDCAM_MODELS", raising=False)  # those that came with WildCam
    row = home().dataframe[0].value.set_index("Model").loc["field_species"]
    card = open_bundle(SHIPPED_MODELS_DIR, "field_species").card
    most = max((score for score in card.scores if score.metric == "macro_f1"), key=lambda score: score.images)
    assert (row["Macro-F1"], row["Photos"], row["Scored on"]) == (most.value, most.images, "Cross-validation")
