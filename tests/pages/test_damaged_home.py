"""A damaged file of the home is a sentence on every page that shows it, and on the command line; the rest goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.filled_home import Home, filled
from tests.pages.sections import visit_sections
from wildcam.cli.main import main
from wildcam.runs.run import Progress, Run
from wildcam.runs.states import Kind, State
from wildcam.settings import PROJECT_DIR

APP = PROJECT_DIR / "app.py"
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "truncated": lambda content: content[: len(content) // 2],
    "garbage": lambda content: bytes(byte ^ 0xA5 for byte in content),
}
DATASET = "datasets/complete"

SAID: dict[str, dict[str, dict[str, str]]] = {
    f"{DATASET}/dataset.json": {"home": {}},
    f"{DATASET}/index.parquet": {
        "home": {},
        "explore": {},
        "train": {},
        "evaluation": {"run": "predict"},
        "runs": {"run": "train", "tab": "errors"},
    },
    f"{DATASET}/detections.parquet": {"explore": {"section": "photos", "image": "any"}},
    "predict/predictions/part-000001.parquet": {"batch": {"run": "predict"}, "evaluation": {"run": "predict"}},
    "predict/predictions/metadata.json": {"batch": {"run": "predict"}, "evaluation": {"run": "predict"}},
    "train/validation_best.parquet": {"home": {}, "runs": {"run": "train", "tab": "errors"}},
    "train/validation.parquet": {"runs": {"run": "train", "tab": "errors", "epoch": "last"}},
    "train/split.parquet": {"runs": {"run": "train", "tab": "recipe"}},
    "models/park-empty/model.json": {"models": {}},
}
"""Each file, with the pages that show it, and their addresses. Of the run of a kind, its folder is named after it."""

REMADE = (
    "train/progress.json",
    "cache/thumbnails/*.jpg",
    f"{DATASET}/quality/*.parquet",
)
"""What is made again, or does without: no page says anything."""

COMMANDS = {
    f"{DATASET}/dataset.json": ("data list", "data profile complete", "predict complete"),
    f"{DATASET}/index.parquet": ("data profile complete", "data check complete", "data labels complete"),
    "predict/predictions/part-000001.parquet": ("evaluate PREDICT", "export PREDICT --format csv"),
    "predict/predictions/metadata.json": ("evaluate PREDICT", "export PREDICT --format csv"),
    "models/park-empty/model.json": ("models list", "models show park-empty"),
}


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with filled(demo_home, tmp_path_factory.mktemp("models"), ["complete", "no_boxes"]) as home:
        yield home


@pytest.fixture(scope="module")
def runs(home: Home) -> dict[str, Run]:
    runs = {str(kind): home.run(kind, State.FINISHED) for kind in (Kind.TRAIN, Kind.PREDICT)}
    for run in runs.values():
        run.write_progress(Progress(phase="done"))
    return runs


@pytest.fixture(autouse=True)
def environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WILDCAM_HOME", str(home.store.settings.home))
    monkeypatch.setenv("WILDCAM_MODELS", str(home.store.settings.models))


@pytest.fixture(scope="module")
def browser() -> AppTest:
    return AppTest.from_file(APP, default_timeout=120)


@pytest.fixture
def damage(home: Home, runs: dict[str, Run]) -> Iterator[Callable[[str, str], None]]:
    """Damage a file as `SAID` names it, or several; whole again after the test."""
    whole: dict[Path, bytes] = {}

    def damage(name: str, how: str) -> None:
        settings = home.store.settings
        top, rest = name.split("/", 1)
        folder = runs[top].folder if top in runs else settings.models if top == "models" else settings.home / top
        paths = list(folder.glob(rest))
        assert paths, name
        for path in paths:
            whole[path] = path.read_bytes()
            path.write_bytes(DAMAGES[how](whole[path]))
        st.cache_data.clear()
        st.cache_resource.clear()

    yield damage
    for path, content in whole.items():
        path.write_bytes(content)
    st.cache_data.clear()
    st.cache_resource.clear()


def opened(browser: AppTest, page: str, address: dict[str, str], home: Home, runs: dict[str, Run]) -> AppTest:
    image_id = home.dataset("no_boxes").index["image_id"].iloc[0]
    given = {name: runs[value].id if value in runs else value for name, value in address.items()}
    if "image" in given:
        given["image"] = image_id
    if not browser.title:
        browser.run()
    browser.query_params.clear()
    browser.switch_page(f"pages/{page}/page.py")
    browser.query_params.update({"dataset": "complete", **given})
    browser.run()
    assert not browser.exception, f"{page}: {browser.exception[0].message}\n{browser.exception[0].stack_trace}"
    return browser


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", SAID)
def test_every_page_that_shows_a_damaged_file_says_so_and_opens(
    name: str, how: str, home: Home, runs: dict[str, Run], browser: AppTest, damage: Callable[[str, str], None]
) -> None:
    damage(name, how)
    for page, address in SAID[name].items():
        app = opened(browser, page, address, home, runs)
        assert any("damaged" in error.value for error in app.error), page
        if how == "truncated":
            visit_sections(app, page, errors=True)


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", REMADE)
def test_what_can_be_made_again_is_no_error(
    name: str, how: str, home: Home, runs: dict[str, Run], browser: AppTest, damage: Callable[[str, str], None]
) -> None:
    def visit() -> None:
        for page, address in {"home": {}, "explore": {"section": "photos"}, "runs": {"run": "train"}}.items():
            assert not opened(browser, page, address, home, runs).error, page

    visit()  # which makes thumbnails
    damage(name, how)
    visit()


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", COMMANDS)
def test_commands_say_it_in_one_line(
    name: str,
    how: str,
    runs: dict[str, Run],
    damage: Callable[[str, str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    damage(name, how)
    for command in COMMANDS[name]:
        main(command.replace("PREDICT", runs["predict"].id).split())
        said = capsys.readouterr().err.strip()
        assert said.count("\n") == 0, said
        assert "damaged" in said, (command, said)
    assert main(["doctor"]) == 1
    assert "damaged" in capsys.readouterr().out


def test_a_damaged_choice_of_the_default_model_is_not_replaced_without_a_word(
    home: Home, runs: dict[str, Run], browser: AppTest, damage: Callable[[str, str], None]
) -> None:
    assert main(["models", "default", "park-empty"]) == 0
    damage("models/default.json", "truncated")
    assert "choose it again" in opened(browser, "models", {}, home, runs).warning[0].value


def test_a_damaged_demo_can_be_deleted_and_made_again(new_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = new_home / "datasets" / "demo"
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_bytes(b"{")
    assert main(["demo", "--images", "60"]) == 2
    assert "wildcam data delete demo" in capsys.readouterr().err
    app = AppTest.from_file(APP, default_timeout=120).run()
    assert "wildcam data delete demo" in app.error[0].value
    app.button(key="home_delete_demo").click().run()
    assert not app.exception
    assert not folder.exists()
    assert not app.error
    assert app.button(key="home_demo")
