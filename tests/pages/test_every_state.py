"""Every page and section opens with every kind of run in every state, and with every kind of data set."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.filled_home import DATASETS, Home, filled
from tests.pages.sections import check, select, visit_sections
from wildcam.data.catalog import delete_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.runs.facts import facts_type
from wildcam.runs.states import Kind, State
from wildcam.settings import PROJECT_DIR

APP = PROJECT_DIR / "app.py"
PAGES = sorted(path.parent.name for path in (PROJECT_DIR / "pages").glob("*/page.py"))
TITLES = {"home": "WildCam", "add": "Add data"}
SAME_FOR_EVERY_DATA_SET = ("add", "identify", "studies")


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with filled(demo_home, tmp_path_factory.mktemp("models")) as home:
        yield home


@pytest.fixture(autouse=True)
def environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The home is the app's; the runs of a test go with it."""
    monkeypatch.setenv("WILDCAM_HOME", str(home.store.settings.home))
    monkeypatch.setenv("WILDCAM_MODELS", str(home.store.settings.models))
    yield
    home.locks.close()
    for run in home.store.all():
        home.store.delete(run.id)


@pytest.fixture(scope="module")
def browser() -> AppTest:
    """One session for all tests: the first page of a new one takes half a second, each further page hardly any time."""
    return AppTest.from_file(APP, default_timeout=120)


@pytest.fixture
def open_page(browser: AppTest, environment: None) -> Callable[..., AppTest]:
    """Open a page at an address."""

    def open_page(name: str, **address: str) -> AppTest:
        if not browser.title:
            browser.run()
        browser.query_params.clear()
        browser.switch_page(f"pages/{name}/page.py")
        browser.query_params.update(address)
        browser.run()
        assert browser.exception or browser.title[0].value == TITLES.get(name, name.capitalize())
        return browser

    return open_page


PAGE_OF = {
    Kind.TRAIN: "train",
    Kind.LR_FINDER: "train",
    Kind.CHECK: "explore",
    Kind.PREDICT: "batch",
    Kind.SIMILARITY: "explore",
}
SECTION_OF = {Kind.SIMILARITY: "similarity"}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", Kind)
def test_pages_open_with_every_kind_of_run_in_every_state(
    kind: Kind, state: State, home: Home, open_page: Callable[..., AppTest]
) -> None:
    run = home.run(kind, state)
    may_tell = state in (State.FAILED, State.LOST)
    opened = open_page("runs", run=run.id)
    check(opened, f"runs, {kind} {state}", errors=may_tell)
    visit_sections(opened, f"runs, {kind} {state}", errors=may_tell)
    address = {"dataset": "complete", "section": SECTION_OF.get(kind, "quality"), "run": run.id}
    page = open_page(PAGE_OF[kind], **(address | ({"clone": run.id} if kind is Kind.TRAIN else {})))
    check(page, f"{PAGE_OF[kind]}, {kind} {state}", errors=may_tell)
    check(open_page("home"), "home")


@pytest.mark.parametrize("kind", Kind)
def test_a_run_that_has_no_facts_yet_is_shown(kind: Kind, home: Home, open_page: Callable[..., AppTest]) -> None:
    run = home.run(kind, State.QUEUED)
    assert home.store.get(run.id).facts == facts_type(kind)()
    check(open_page("runs", run=run.id), f"runs, {kind}")


def test_runs_of_every_state_are_compared(home: Home, open_page: Callable[..., AppTest]) -> None:
    runs = [home.run(Kind.TRAIN, state) for state in State]
    page = open_page("runs", compare=",".join(run.id for run in runs))
    check(page, "runs, compare")
    for title in page.segmented_control(key="address_curve").options:
        check(select(page.segmented_control(key="address_curve"), title), f"runs, compare, {title}")


@pytest.mark.parametrize("name", DATASETS)
def test_pages_open_with_every_kind_of_data_set(name: str, home: Home, open_page: Callable[..., AppTest]) -> None:
    """With a finished run of every kind, of which the newest is a batch."""
    for kind in (Kind.TRAIN, Kind.LR_FINDER, Kind.CHECK, Kind.SIMILARITY, Kind.PREDICT):
        run = home.run(kind, State.FINISHED, name)
    for page in PAGES:
        if page in SAME_FOR_EVERY_DATA_SET and name != "complete":
            continue
        opened = open_page(page, dataset=name, run=run.id)
        check(opened, f"{page}, {name}", errors=page == "train")  # it says why such a data set cannot be trained on
        visit_sections(opened, f"{page}, {name}", errors=page == "train")


@pytest.mark.parametrize("kind", Kind)
def test_pages_open_with_runs_of_a_data_set_that_was_deleted_meanwhile(
    kind: Kind, home: Home, open_page: Callable[..., AppTest]
) -> None:
    datasets = home.store.settings.datasets_dir
    index = pd.read_parquet(datasets / "complete" / "index.parquet")
    save_dataset(datasets, index, name="passing", source="a test", root=datasets, format="csv", labels=LabelPolicy())
    run = home.run(kind, State.FINISHED, "passing")
    delete_dataset(datasets, "passing")
    for page in PAGES:
        check(open_page(page, dataset="passing", run=run.id), page)
