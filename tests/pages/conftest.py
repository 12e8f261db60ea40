"""Homes with the demo data set, drawn once; each module has a catalog and a run store of its own; small batches."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from wildcam.architectures.presets import Task
from wildcam.data.catalog import build_index, open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.demo.dataset import make_demo_dataset
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.parts import PartWriter, read_metadata, read_predictions
from wildcam.predictions.submit import make_request
from wildcam.predictions.table import ImageRecord, Prediction
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import open_bundle
from wildcam.serving.two_stage import Ranked, Verdict, VerdictSource, ViewVote, failed
from wildcam.settings import Settings, load_settings

IMAGES = 150


@pytest.fixture(scope="session")
def drawn_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Not to be written to."""
    home = tmp_path_factory.mktemp("drawn") / "home"
    make_demo_dataset(Settings(home=home), images=IMAGES)
    return home


@pytest.fixture(scope="module")
def demo_home(drawn_home: Path, empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the module's own; the images stay where they were drawn."""
    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(empty_database, home)
    shutil.copytree(drawn_home / "datasets", home / "datasets")
    return home


@pytest.fixture
def new_home(empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without data sets, which becomes the app's; its run store is there already, since every page opens it."""
    home = tmp_path / "home"
    shutil.copytree(empty_database, home)
    monkeypatch.setenv("WILDCAM_HOME", str(home))
    return home


@pytest.fixture
def store(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """The run store of the module's home, which becomes the app's; without runs."""
    monkeypatch.setenv("WILDCAM_HOME", str(demo_home))
    store = RunStore(load_settings())
    for run in store.all():
        store.delete(run.id)
    return store


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
        location = "north" if name != "d" else "south"
        writer.add(
            Prediction(
                ImageRecord(name, f"{name}.jpg", location, "", noon.replace(second=second)), verdict(label, confidence)
            )
        )
    writer.add(Prediction(ImageRecord("e", "e.jpg", "south"), failed("e.jpg is damaged: copy it again.")))
    writer.flush()
    models.mark(run.id, State.FINISHED)
    return models.get(run.id)


@pytest.fixture
def scored_batch(batch: Run, models: RunStore, tmp_path: Path) -> Run:
    """The same images as a data set with labels, and a batch of it; the ground truth of `c` is a deer."""
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


@pytest.fixture
def relabel(scored_batch: Run, models: RunStore) -> Callable[[str], None]:
    """Give the empty images of the data set another raw label."""

    def change(empty: str) -> None:
        dataset = open_dataset(models.settings.datasets_dir, "reserve")
        save_dataset(
            models.settings.datasets_dir,
            dataset.index.drop(columns=["source_label", "role"]).assign(
                label=dataset.index["label"].cat.rename_categories({"empty": empty})
            ),
            name="reserve",
            source="",
            root=dataset.info.root,
            format="csv",
            labels=LabelPolicy(empty=(empty,)),
            replace=True,
        )

    return change


@pytest.fixture
def answer_by_stage_1(models: RunStore) -> Callable[[Run], None]:
    """Turn the answers of a batch into those of stage 1 alone."""

    def change(run: Run) -> None:
        facts, card = read_metadata(run.folder), open_bundle(models.settings.models, "park-empty").card
        writer = PartWriter(run.folder)
        writer.write_metadata(facts.model_copy(update={"cards": (card,), "species_model": ""}))
        table = read_predictions(run.folder)
        species = ~table["label"].isin(["empty", "failed"])
        for part in (run.folder / "predictions").glob("part-*.parquet"):
            part.unlink()
        for row in table.assign(label=table["label"].mask(species, "animal")).itertuples():
            record = ImageRecord(row.image_id, row.path, row.location, "", None)
            answer = failed(row.failure) if row.failure else verdict(row.label, row.confidence)
            writer.add(Prediction(record, replace(answer, top=())))
        writer.flush()

    return change
