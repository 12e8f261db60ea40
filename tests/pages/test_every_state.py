"""Every page and section opens with every kind of run in every state, and with every kind of data set."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlflow.entities import Metric
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TESTING_KEY, ButtonGroup

from tests.conftest import mean_colour_graph
from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset, build_index, delete_dataset, open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import Subset
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.parts import PartWriter
from wildcam.predictions.submit import make_request
from wildcam.predictions.table import ImageRecord, Prediction
from wildcam.quality.check import check_dataset
from wildcam.quality.submit import CheckRequest
from wildcam.runs.facts import CheckFacts, LRFinderFacts, PredictFacts, SubsetScores, TrainFacts, facts_type
from wildcam.runs.lock import Lock
from wildcam.runs.metric_names import EPOCH_METRICS, STEP_METRICS, SYSTEM_METRICS
from wildcam.runs.run import Progress, Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import write_bundle
from wildcam.serving.card import ModelCard
from wildcam.serving.two_stage import Aggregation, Ranked, Verdict, VerdictSource, ViewVote, failed
from wildcam.settings import PROJECT_DIR, Settings
from wildcam.training.recipe import Recipe
from wildcam.training.submit import FINDER_METRICS
from wildcam.training.validation_table import validation_table, write_validation

APP = PROJECT_DIR / "app.py"
PAGES = sorted(path.parent.name for path in (PROJECT_DIR / "pages").glob("*/page.py"))
SPECIES = ("empty", "fox", "hare")
TITLES = {"home": "WildCam", "add": "Add data"}
SAME_FOR_EVERY_DATA_SET = ("add", "identify", "studies")

EPOCHS = 6
"""Of the training runs: enough for the rules of the diagnosis."""

LIVE = (State.QUEUED, State.RUNNING, State.STOPPING)


@dataclass
class Home:
    """A home with data sets and models, to which runs can be added in any state, without workers."""

    store: RunStore
    locks: ExitStack

    def dataset(self, name: str) -> Dataset:
        return open_dataset(self.store.settings.datasets_dir, name)

    def run(self, kind: Kind, state: State, dataset: str = "complete") -> Run:
        """A run in that state; its worker, where it lives, is a lock that this process holds."""
        run = self.store.create(kind, f"{kind} *{state}*", self._params(kind, dataset))
        self.store.enqueue(run.id)
        if state is not State.QUEUED:
            self.store.mark(run.id, State.RUNNING)
            self._fill(run, ended=state is State.FINISHED)
        if state in LIVE:
            self.locks.enter_context(Lock.acquire(run.lock_path))
            run.write_progress(Progress(phase="working", step=3, steps=7, seconds_left=90.0))
        if state is State.STOPPING:
            self.store.request_stop(run.id)
        if state in (State.FINISHED, State.STOPPED, State.FAILED):
            self.store.mark(run.id, state, "Out of *memory*." if state is State.FAILED else "")
        run.log_path.write_text("a line\n")
        found = self.store.get(run.id)
        assert (found.kind, found.state) == (kind, state)
        return found

    def _params(self, kind: Kind, dataset: str):
        if kind is Kind.CHECK:
            return CheckRequest(dataset=dataset)
        if kind is Kind.PREDICT:
            return make_request(self.store, dataset=dataset)
        return Recipe.of(dataset, "empty_cnn", find_learning_rate=False, epochs=EPOCHS)

    def _fill(self, run: Run, *, ended: bool) -> None:
        """What a worker leaves: all of it, or the part of one that is at work."""
        dataset = self.dataset(run.params["dataset"])
        match run.kind:
            case Kind.TRAIN:
                self._fill_training(run, dataset, ended)
            case Kind.LR_FINDER:
                self._log(run, FINDER_METRICS, 20)
                if ended:
                    facts = LRFinderFacts(seconds_per_step=0.2, suggested_learning_rate=0.003)
                    self.store.write_facts(run.id, facts)
            case Kind.CHECK:
                if ended:
                    counts = {"unreadable": 0, "dark": 3, "near_identical": 2}
                    self.store.write_facts(run.id, CheckFacts(images=150, measured=149, findings=counts))
            case Kind.PREDICT:
                write_predictions(run, dataset)
                if ended:
                    facts = PredictFacts(
                        images=40, failed=1, labels={"fox": 30, "empty": 9}, accuracy=0.5, macro_f1=0.4
                    )
                    self.store.write_facts(run.id, facts)

    def _fill_training(self, run: Run, dataset: Dataset, ended: bool) -> None:
        self._log(run, EPOCH_METRICS, EPOCHS)
        self._log(run, (*STEP_METRICS, *SYSTEM_METRICS), 30)
        started = TrainFacts(
            split_fingerprint="0123456789ab",
            classes=2,
            images={Subset.TRAIN: 90, Subset.VAL: 12},
            warnings=("Few *photos*.",),
            environment={"keras": "3.15"},
            trainable_parameters=1000,
            total_parameters=1200,
            best_epoch=2,
            seconds_per_epoch=3.0,
        )
        self.store.write_facts(run.id, started)
        rows = dataset.index.head(12)
        targets = np.arange(len(rows)) % 2
        probabilities = np.linspace(0.05, 0.95, len(rows), dtype=np.float32)
        probabilities = np.stack([probabilities, 1 - probabilities], axis=1)
        table = validation_table(rows["image_id"].tolist(), targets, probabilities, ("empty", "animal"))
        write_validation(run.folder, table, best=True)
        pd.DataFrame({"image_id": rows["image_id"], "subset": "train"}).to_parquet(run.folder / "split.parquet")
        if ended:
            scores = SubsetScores(
                accuracy=0.7,
                balanced_accuracy=0.6,
                macro_f1=0.6,
                majority_class_accuracy=0.5,
                recall={"empty": 0.9, "animal": 0.5},
            )
            facts = TrainFacts(
                scores={Subset.VAL: scores, Subset.TEST: scores},
                temperature=1.1,
                bfloat16_changes=0.0,
                milliseconds_per_image=4.0,
                damaged_images=1,
            )
            self.store.write_facts(run.id, facts)
            write_model(run.bundle_dir, Task.EMPTY)

    def _log(self, run: Run, metrics: tuple[str, ...], steps: int) -> None:
        now = int(time.time() * 1000)
        self.store.log_points(
            run.id,
            [Metric(name, 1 / step, now + 100 * step, step) for name in metrics for step in range(1, steps + 1)],
        )


def write_model(folder: Path, task: Task) -> ModelCard:
    """A tiny model: stage 1, or species in which the mean colour decides."""
    classes = ("empty", "animal") if task is Task.EMPTY else SPECIES
    graph = mean_colour_graph(
        folder.parent / f"{folder.name}.onnx", np.eye(3)[:, : len(classes)] * 12, np.zeros(len(classes)), side=8
    )
    card = ModelCard(
        name=folder.name,
        task=task,
        classes=classes,
        image_size=8,
        preset="empty_cnn",
        dataset="complete",
        run_id="run",
        best_epoch=1,
        split_policy="location",
        split_fingerprint="0123456789ab",
        label_policy=LabelPolicy(),
        augmentation={},
        parity=0.0,
        created_at=datetime.now(UTC),
        sha256="",
    )
    return write_bundle(folder, graph, card).card


def write_predictions(run: Run, dataset: Dataset) -> None:
    """Verdicts on the first images, right ones and wrong ones; one image could not be read."""
    writer = PartWriter(run.folder)
    writer.write_metadata(
        BatchMetadata(
            root=dataset.info.root,
            source=dataset.name,
            empty_model=run.params["empty_model"],
            species_model=run.params["species_model"],
            classes=SPECIES,
            is_demo=False,
            views=4,
            aggregation=Aggregation.VOTE,
            empty_threshold=0.5,
            unknown_threshold=0.4,
            run_id=run.id,
            created_at=datetime.now(UTC),
        )
    )
    for number, row in enumerate(dataset.index.head(40).itertuples()):
        label = SPECIES[number % 3] if pd.isna(row.label) or number % 4 == 0 else str(row.label)
        given = {
            "location": "" if pd.isna(row.location) else str(row.location),
            "sequence_id": "" if pd.isna(row.sequence_id) else str(row.sequence_id),
            "taken_at": None if pd.isna(row.taken_at) else row.taken_at.to_pydatetime(),
        }
        writer.add(Prediction(ImageRecord(row.image_id, row.path, **given), verdict(label, number)))
    writer.flush()


def verdict(label: str, number: int) -> Verdict:
    if number == 7:
        return failed("it is damaged: copy it again.")
    empty, confidence = label == "empty", 0.5 + number / 100
    return Verdict(
        label,
        VerdictSource.STAGE_1 if empty else VerdictSource.STAGE_2,
        confidence,
        3,
        (ViewVote(0.1, False),) * 4,
        p_empty=confidence if empty else 0.1,
        top=() if empty else (Ranked(label, confidence), Ranked("hare", 0.01)),
    )


def without(*columns: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """The index with nothing in these columns."""
    return lambda index: build_index({name: index[name] for name in index if name not in columns})


def of_one_class(index: pd.DataFrame) -> pd.DataFrame:
    return index.assign(label=pd.Series("fox", index.index, dtype="category"))


BOXES = ("detector_confidence", "box_x", "box_y", "box_width", "box_height")
DATASETS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "complete": lambda index: index,
    "no_times": without("taken_at", "sequence_id", "frame"),
    "no_locations": without("location"),
    "no_labels": without("label", "second_label", "category_id"),
    "one_class": of_one_class,
    "no_boxes": without(*BOXES),
    "nothing_but_files": without(
        "label", "second_label", "category_id", "location", "taken_at", "sequence_id", "frame", "given_split", *BOXES
    ),
    "photos_gone": lambda index: index,
}


@pytest.fixture(scope="module")
def home(drawn_home: Path, demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Every kind of data set, all with the images of the demo, and a model for each stage."""
    models = tmp_path_factory.mktemp("models")
    settings = Settings(home=demo_home, models=models)
    demo = open_dataset(settings.datasets_dir, "demo")
    stored = pd.read_parquet(demo.folder / "index.parquet")
    for name, change in DATASETS.items():
        root = demo.info.root / "gone" if name == "photos_gone" else demo.info.root
        index = change(stored)
        labels = LabelPolicy.suggest(index["label"].dropna().unique().tolist())
        boxes = None if name in ("no_boxes", "nothing_but_files") else demo.detections
        save_dataset(
            settings.datasets_dir,
            index,
            name=name,
            source="a test",
            root=root,
            format="csv",
            labels=labels,
            detections=boxes,
        )
    check_dataset(open_dataset(settings.datasets_dir, "complete"), lambda done, total: None, lambda: False)
    write_model(models / "park-empty", Task.EMPTY)
    write_model(models / "park-species", Task.SPECIES)
    delete_dataset(settings.datasets_dir, "demo")
    with ExitStack() as locks:
        yield Home(RunStore(settings), locks)


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


def check(app: AppTest, where: str, errors: bool = False) -> None:
    assert not app.exception, f"{where}: {app.exception[0].message}\n{app.exception[0].stack_trace}"
    assert errors or not app.error, f"{where}: {app.error[0].value}"


def select(control: ButtonGroup, title: str) -> AppTest:
    """Click on the option of that title."""
    control.root.session_state[TESTING_KEY][control.id] = str  # titles are given, not values
    return control.set_value(title).run()


def visit_sections(app: AppTest, where: str, errors: bool = False, outer: tuple[str, ...] = ()) -> None:
    """Click on every option of every segmented control, and of those that appear after a click."""
    keys = tuple(str(control.key) for control in app.segmented_control if str(control.key) not in outer)
    for key in reversed(keys):  # the first is the outermost: its options take the others away
        for title in app.segmented_control(key=key).options[1 if outer else 0 :]:
            app = select(app.segmented_control(key=key), title)
            check(app, f"{where}, {title}", errors)
            visit_sections(app, f"{where}, {title}", errors, (*outer, *keys))


PAGE_OF = {Kind.TRAIN: "train", Kind.LR_FINDER: "train", Kind.CHECK: "explore", Kind.PREDICT: "batch"}


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
    address = {"dataset": "complete", "section": "quality", "run": run.id}
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
    for kind in (Kind.TRAIN, Kind.LR_FINDER, Kind.CHECK, Kind.PREDICT):
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
