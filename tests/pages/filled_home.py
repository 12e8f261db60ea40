"""A home with every kind of data set and a model for each stage, to which runs can be added in any state."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from mlflow.entities import Metric

from tests.conftest import mean_colour_graph
from tests.similar import write_similar
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
from wildcam.runs.facts import CheckFacts, LRFinderFacts, PredictFacts, SimilarityFacts, SubsetScores, TrainFacts
from wildcam.runs.lock import Lock
from wildcam.runs.metric_names import EPOCH_METRICS, STEP_METRICS, SYSTEM_METRICS
from wildcam.runs.run import Progress, Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import write_bundle
from wildcam.serving.card import ModelCard
from wildcam.serving.two_stage import Aggregation, Ranked, Verdict, VerdictSource, ViewVote, failed
from wildcam.settings import Settings
from wildcam.similarity.submit import SimilarityRequest
from wildcam.training.recipe import Recipe
from wildcam.training.submit import FINDER_METRICS
from wildcam.training.validation_table import validation_table, write_validation

SPECIES = ("empty", "fox", "hare")

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
        if kind is Kind.SIMILARITY:
            return SimilarityRequest(dataset=dataset)
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
            case Kind.SIMILARITY:
                if ended and len(dataset.index) >= 2:
                    write_similar(self.store.settings, dataset)
                    self.store.write_facts(run.id, SimilarityFacts(images=len(dataset.index), unreadable=0))
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


@contextmanager
def filled(demo_home: Path, models: Path, datasets: Collection[str] = DATASETS) -> Iterator[Home]:
    """That home, of one with the demo: every kind of data set, or these, all with its images."""
    settings = Settings(home=demo_home, models=models)
    demo = open_dataset(settings.datasets_dir, "demo")
    stored = pd.read_parquet(demo.folder / "index.parquet")
    for name in datasets:
        root = demo.info.root / "gone" if name == "photos_gone" else demo.info.root
        index = DATASETS[name](stored)
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
