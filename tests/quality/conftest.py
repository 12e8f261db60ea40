"""Data sets of a few files, quality tables that nobody measured, and a home with one data set to check."""

import io
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.quality.table import HASH_COLUMNS, QUALITY_COLUMNS
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings


@pytest.fixture
def make_dataset(tmp_path: Path) -> Callable[..., Dataset]:
    """A data set of files with these contents (None: no such file); columns of its index can be given."""

    def make(files: dict[str, bytes | None], **columns: object) -> Dataset:
        root = tmp_path / "photos"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            if content is not None:
                (root / name).parent.mkdir(exist_ok=True)
                (root / name).write_bytes(content)
        index = build_index({"image_id": list(files), "path": list(files)} | columns)
        return save_dataset(
            tmp_path / "datasets",
            index,
            name="cards",
            source="x",
            root=root,
            format="csv",
            labels=LabelPolicy(),
            replace=True,
        )

    return make


@pytest.fixture
def encode() -> Callable[..., bytes]:
    """Pixels, (H, W, 3) or (H, W), 0–255, as the bytes of a file."""

    def encode(pixels: np.ndarray, format: str = "JPEG", **options: object) -> bytes:
        content = io.BytesIO()
        Image.fromarray(pixels.astype(np.uint8)).save(content, format, **options)
        return content.getvalue()

    return encode


@pytest.fixture
def scene() -> Callable[..., np.ndarray]:
    """Coloured squares with sharp edges, other ones for every seed. uint8, (H, W, 3)."""

    def scene(seed: int = 0, *, width: int = 320, height: int = 240, square: int = 16) -> np.ndarray:
        shape = (height // square, width // square, 3)
        colours = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
        return np.kron(colours, np.ones((square, square, 1), dtype=np.uint8))

    return scene


@pytest.fixture
def quality_of() -> Callable[..., pd.DataFrame]:
    """A quality table of an index: all files sound, all different, unless columns say otherwise."""

    def quality(index: pd.DataFrame, **columns: object) -> pd.DataFrame:
        count = len(index)
        hashes = np.random.default_rng(0).integers(0, 2**64, (count, 4), dtype=np.uint64)
        values = {
            "path": index["path"],
            "status": "ok",
            "reason": None,
            "bytes": 1000,
            "modified_ns": 1,
            "digest": [f"{number:032x}" for number in range(count)],
            **dict(zip(HASH_COLUMNS, hashes.T, strict=True)),
            "brightness": 0.5,
            "sharpness": 0.5,
            "saturation": 0.2,
            "width": 1024,
            "height": 768,
        }
        return pd.DataFrame(values | columns, index=index.index).astype(QUALITY_COLUMNS)

    return quality


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The home of this process."""
    shutil.copytree(empty_database, tmp_path / "home")
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    return load_settings()


@pytest.fixture
def store(settings: Settings) -> RunStore:
    return RunStore(settings)


@pytest.fixture
def make_cards(settings: Settings, tmp_path: Path, image: Callable[..., bytes]) -> Callable[..., Dataset]:
    """A data set `cards`: so many images, one that is cut short and one that is gone."""

    def make(images: int = 6, *, replace: bool = False) -> Dataset:
        names = [f"{number}.jpg" for number in range(images)]
        (tmp_path / "photos").mkdir(exist_ok=True)
        for number, name in enumerate(names):
            (tmp_path / "photos" / name).write_bytes(image(number % 250, 120, 60, size=(40, 30)))
        (tmp_path / "photos" / "cut.jpg").write_bytes(image(1, 2, 3)[:2000])
        index = build_index({"image_id": [*names, "cut", "gone"], "path": [*names, "cut.jpg", "gone.jpg"]})
        return save_dataset(
            settings.datasets_dir,
            index,
            name="cards",
            source="x",
            root=tmp_path / "photos",
            format="csv",
            labels=LabelPolicy(),
            replace=replace,
        )

    return make


@pytest.fixture
def cards(make_cards: Callable[..., Dataset]) -> Dataset:
    return make_cards()


@pytest.fixture
def signals() -> Iterator[None]:
    """A worker in this process takes SIGTERM: it is put back after the test."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def wait(store: RunStore) -> Iterator[Callable[..., Run]]:
    """Wait until a condition on a run holds; a run that was waited for and lives after the test is killed."""
    waited_for: set[str] = set()

    def wait(run: Run, condition: Callable[[Run], bool], *, seconds: float = 60) -> Run:
        waited_for.add(run.id)
        end = time.monotonic() + seconds
        while not condition(now := store.get(run.id)):
            assert time.monotonic() < end, now.log_tail()
            time.sleep(0.05)
        return now

    yield wait
    for run_id in waited_for:
        if (run := store.get(run_id)).state.is_live:
            os.kill(process_of(run), signal.SIGKILL)


def process_of(run: Run) -> int:
    """The worker's process, which it prints first."""
    return int(run.log_tail().split("process ")[-1].split()[0])


@pytest.fixture
def kill() -> Callable[[Run], None]:
    """End a worker as the kernel would, short of memory."""
    return lambda run: os.kill(process_of(run), signal.SIGKILL)
