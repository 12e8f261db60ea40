"""Fixtures that several parts share: tiny models, images that they answer predictably, a catalog's table,
the real images where they lie nearby, the command line."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from wildcam.accounts.acting import acts_for
from wildcam.architectures.presets import Task
from wildcam.augmentation import Augmentation
from wildcam.data.catalog import build_index
from wildcam.data.labels import LabelPolicy
from wildcam.serving.bundle import Bundle, write_bundle
from wildcam.serving.card import ModelCard
from wildcam.settings import PROJECT_DIR, Settings, load_settings

WriteGraph = Callable[..., Path]
WriteModel = Callable[..., Bundle]

STAGE_1 = {"task": Task.EMPTY, "classes": ("empty", "animal"), "image_size": 8}
SPECIES = {"task": Task.SPECIES, "classes": ("deer", "fox", "hare"), "image_size": 12}


def mean_colour_graph(
    path: Path,
    weights: np.ndarray,
    bias: np.ndarray,
    *,
    side: int,
    batch: str | int = "N",
    name: str = "images",
    dtype: int = TensorProto.UINT8,
    last: str = "Softmax",
    evidence: bool = False,
) -> Path:
    """An ONNX graph: mean red, green and blue (0–1) → linear → `last`. `weights`: (3, C), `bias`: (C,).

    `evidence`: with the class activation map as the second output: each pixel's own logits.
    """
    nodes = [
        helper.make_node("Cast", [name], ["cast"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["cast"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("MatMul", ["mean", "weights"], ["linear"]),
        helper.make_node("Add", ["linear", "bias"], ["logits"]),
        helper.make_node(last, ["logits"], ["probabilities"]),
    ]
    arrays = {"weights": weights / 255, "bias": bias}
    outputs = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [batch, len(bias)])]
    if evidence:
        nodes += [
            helper.make_node("MatMul", ["cast", "weights"], ["weighted"]),
            helper.make_node("Add", ["weighted", "bias"], ["evidence"]),
        ]
        outputs.append(helper.make_tensor_value_info("evidence", TensorProto.FLOAT, [batch, side, side, len(bias)]))
    graph = helper.make_graph(
        nodes,
        "mean_colour",
        [helper.make_tensor_value_info(name, dtype, [batch, side, side, 3])],
        outputs,
        [numpy_helper.from_array(value.astype(np.float32), key) for key, value in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


@pytest.fixture(autouse=True)
def the_owner_acts() -> Iterator[None]:
    """Pages say who acts for the whole process: each test begins, and ends, as a script does."""
    acts_for()
    yield
    acts_for()


@pytest.fixture
def write_graph(tmp_path: Path) -> WriteGraph:
    """Make the graph of a tiny model.

    Stage 1 takes a dark image for an empty one. The species model sees a deer in red, a fox in green,
    a hare in blue.
    """

    def write(task: Task, **options: object) -> Path:
        if task is Task.EMPTY:
            weights, bias, side = np.stack([np.zeros(3), np.full(3, 10.0)], axis=1), np.array([6.0, 0.0]), 8
        else:
            weights, bias, side = np.eye(3) * 12, np.zeros(3), 12
        return mean_colour_graph(tmp_path / f"{task}.onnx", weights, bias, **{"side": side, **options})

    return write


@pytest.fixture
def make_card() -> Callable[..., ModelCard]:
    """A card of the tiny stage-1 or species model; any field can be given."""

    def make(task: Task, **changes: object) -> ModelCard:
        values = {
            **(STAGE_1 if task is Task.EMPTY else SPECIES),
            "task": task,
            "name": "unnamed",
            "preset": "efficientnet_b0",
            "dataset": "reserve",
            "run_id": "run",
            "best_epoch": 3,
            "split_policy": "location",
            "split_fingerprint": "0123456789ab",
            "label_policy": LabelPolicy(),
            "augmentation": Augmentation(brightness=0.1, contrast=0.1, rotation_degrees=10),
            "parity": 1e-6,
            "created_at": datetime(2026, 1, 1, tzinfo=UTC),
            "sha256": "",
        }
        return ModelCard(**(values | changes))

    return make


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """Where the tiny models of a test are kept."""
    return tmp_path / "models"


@pytest.fixture
def write_model(models_dir: Path, write_graph: WriteGraph, make_card: Callable[..., ModelCard]) -> WriteModel:
    """Put a tiny model into `models_dir` under a name; any field of its card can be given."""

    def write(name: str, task: Task, *, evidence: bool = False, **changes: object) -> Bundle:
        return write_bundle(models_dir / name, write_graph(task, evidence=evidence), make_card(task, **changes))

    return write


@pytest.fixture
def small_home(
    tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch, write_model: WriteModel
) -> Settings:
    """The home of this process, with a model for each stage."""
    shutil.copytree(empty_database, tmp_path / "home")
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WILDCAM_MODELS", str(tmp_path / "models"))
    write_model("tiny-empty", Task.EMPTY)
    write_model("tiny-species", Task.SPECIES)
    return load_settings()


@pytest.fixture
def image() -> Callable[..., bytes]:
    """An image of one colour with a little noise, as the bytes of a JPEG."""

    def take(red: int, green: int, blue: int, *, size: tuple[int, int] = (320, 240), format: str = "JPEG") -> bytes:
        noise = np.random.default_rng(0).integers(-8, 9, (*reversed(size), 3))
        pixels = np.clip(np.array([red, green, blue]) + noise, 0, 255).astype(np.uint8)
        content = io.BytesIO()
        Image.fromarray(pixels).save(content, format)
        return content.getvalue()

    return take


@pytest.fixture
def make_index() -> Callable[..., pd.DataFrame]:
    """A catalog's table: every camera takes bursts of three, one a day; every third burst is empty."""

    def make(locations: int = 12, days: int = 10, **columns: Any) -> pd.DataFrame:
        camera, day, frame = (part.ravel() for part in np.indices((locations, days, 3)))
        names = [f"c{c:02}/{d:02}-{f}.jpg" for c, d, f in zip(camera, day, frame, strict=True)]
        times = pd.Timestamp("2014-03-01 12:00") + pd.to_timedelta(day, "D") + pd.to_timedelta(2 * frame, "s")
        given = {
            "image_id": names,
            "path": names,
            "location": [f"camera {c}" for c in camera],
            "taken_at": times,
            "sequence_id": [f"{c}-{d}" for c, d in zip(camera, day, strict=True)],
            "label": np.where((camera + day) % 3, "fox", "empty"),
        }
        return build_index(given | columns)

    return make


@pytest.fixture(scope="session")
def real_images() -> Path:
    """The folder of the shared real images; skips where it is absent."""
    folder = Path(os.environ.get("WILDCAM_PHOTOS") or PROJECT_DIR.parent / "shared" / "photos")
    if not (folder / "labels.csv").exists():
        pytest.skip(f"the real photos are not in {folder}: set WILDCAM_PHOTOS to their folder")
    return folder


@pytest.fixture(scope="session")
def real_metadata(real_images: Path) -> Path:
    """The folder of real metadata beside the images; skips where it is absent."""
    folder = real_images.parent / "metadata"
    if not folder.exists():
        pytest.skip(f"the real metadata is not in {folder}")
    return folder


class CommandLine:
    """`python -m wildcam` in processes of its own, with home and models in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "WILDCAM_HOME": str(folder / "home"),
            "WILDCAM_MODELS": str(folder / "models"),
            "TF_CPP_MIN_LOG_LEVEL": "2",
        }

    def __call__(self, *words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "wildcam", *map(str, words)]
        return subprocess.run(command, env=self.environment, cwd=PROJECT_DIR, capture_output=True, text=True)

    def json(self, *words: object) -> Any:
        """What a command prints as JSON; it must succeed."""
        done = self(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


class InProcess(CommandLine):
    """The same in this process: a start of Python with its libraries takes seconds."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(folder)
        for name in ("WILDCAM_HOME", "WILDCAM_MODELS"):
            monkeypatch.setenv(name, self.environment[name])

    def __call__(self, *words: object) -> subprocess.CompletedProcess[str]:
        from wildcam.cli.main import main

        given = list(map(str, words))
        with redirect_stdout(io.StringIO()) as output, redirect_stderr(io.StringIO()) as errors:
            code = main(given)
        return subprocess.CompletedProcess(given, code, output.getvalue(), errors.getvalue())


@pytest.fixture
def in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line in this process, with home and models in `tmp_path`."""
    return InProcess(tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a run store: its tables take a second to make, so they are made once and copied."""
    from wildcam.runs.store import RunStore

    home = tmp_path_factory.mktemp("template")
    RunStore(Settings(home=home, models=home / "models"))
    return home


@pytest.fixture(scope="session")
def command_line() -> type[CommandLine]:
    """Made with a folder, it runs commands there."""
    return CommandLine
