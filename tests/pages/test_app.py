"""The app as a whole, and the screens that start and watch runs."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.widgets.explore_links import Section
from wildcam.data.splits import SplitPolicy
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import PROJECT_DIR, Settings, load_settings
from wildcam.training.recipe import Recipe

APP = PROJECT_DIR / "app.py"
PAGES = sorted(path.parent.name for path in (PROJECT_DIR / "pages").glob("*/page.py"))


@pytest.fixture
def empty_home(new_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WILDCAM_MODELS", str(tmp_path / "models"))
    return load_settings()


@pytest.fixture
def home(demo_home: Path, empty_home: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WILDCAM_HOME", str(demo_home))
    return load_settings()


def screen(name: str, **address: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60).run()
    if name != "home":
        app.switch_page(f"pages/{name}/page.py")
        app.query_params.update(address)
        app.run()
    return app


def texts(app: AppTest) -> str:
    return " ".join(str(element.value) for kind in (app.markdown, app.info, app.error, app.caption) for element in kind)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_what_to_do_where_nothing_is_here_yet(name: str, empty_home: Settings) -> None:
    app = screen(name)
    assert not app.exception
    assert "wildcam" in texts(app).lower() or app.info


@pytest.mark.parametrize("name", PAGES)
def test_every_page_shows_the_demo_data_without_an_error(name: str, home: Settings) -> None:
    app = screen(name)
    assert not app.exception
    assert not app.error


def test_the_form_shows_the_presets_values_and_the_command_that_does_the_same(home: Settings) -> None:
    app = screen("train").selectbox(key="train_preset").set_value("empty_cnn").run()
    assert app.number_input(key="train_empty_cnn_batch_size").value == 128
    app.number_input(key="train_empty_cnn_epochs").set_value(2).run()
    assert app.code[0].value == "python -m wildcam train --dataset demo --preset empty_cnn --epochs 2"


def test_an_optimistic_split_is_warned_of_before_the_start(home: Settings) -> None:
    app = screen("train").selectbox(key="train_preset").set_value("empty_cnn").run()
    app.selectbox(key="train_empty_cnn_split").set_value(SplitPolicy.RANDOM).run()
    assert any("optimistic" in warning.value for warning in app.warning)


def test_a_run_does_not_start_from_random_weights_unasked(home: Settings) -> None:
    app = screen("train")
    app.selectbox(key="train_preset").set_value("efficientnet_b0").run()
    assert app.button(key="train_start").disabled
    assert any("ImageNet" in warning.value for warning in app.warning)
    app.button(key="train_random_weights").click().run()
    assert app.selectbox(key="train_efficientnet_b0_weights").value == "random"
    assert not app.button(key="train_start").disabled


def test_a_value_that_cannot_be_is_one_sentence(home: Settings) -> None:
    app = screen("train").selectbox(key="train_preset").set_value("empty_cnn").run()
    app.number_input(key="train_empty_cnn_test_fraction").set_value(0.6)
    app.number_input(key="train_empty_cnn_val_fraction").set_value(0.5).run()
    assert "nothing to train on" in app.error[0].value
    assert not app.exception


def test_a_run_whose_worker_is_gone_is_shown_as_lost_and_can_be_resumed(home: Settings) -> None:
    store = RunStore(home)
    run = store.create(Kind.TRAIN, "gone", Recipe.of("demo", "empty_cnn"))
    store.enqueue(run.id)
    app = screen("runs", run=run.id)
    assert "Lost" in app.error[0].value
    assert app.button(key="runs_resume")
    store.delete(run.id)


def test_the_web_process_imports_no_training_framework(home: Settings) -> None:
    code = f"""
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({str(APP)!r}, default_timeout=60).run()
for name in {PAGES!r}:
    app.switch_page(f"pages/{{name}}/page.py").run()
app.switch_page("pages/explore/page.py")
for section in {list(map(str, Section))!r}:
    app.query_params["section"] = section
    app.run()
    assert not app.exception, section
print(sorted({{"tensorflow", "keras", "torch", "fastai"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", done.stderr
