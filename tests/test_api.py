"""What a script or a notebook uses: `import wildcam`."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import wildcam
from wildcam.architectures.presets import Task
from wildcam.data.catalog import build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import UsageError
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.serving.two_stage import Thresholds
from wildcam.settings import load_settings
from wildcam.training.recipe import Recipe


@pytest.fixture(autouse=True)
def home(tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WILDCAM_MODELS", str(models_dir))
    return tmp_path / "home"


@pytest.fixture
def photos(tmp_path: Path, image: Callable[..., bytes]) -> list[Path]:
    colours = {"deer": (220, 20, 20), "night": (4, 4, 4), "hare": (20, 20, 220)}
    paths = [tmp_path / f"{name}.jpg" for name in colours]
    for path, colour in zip(paths, colours.values(), strict=True):
        path.write_bytes(image(*colour))
    return paths


@pytest.fixture
def pair(write_model: Callable[..., object]) -> None:
    write_model("tiny_empty", Task.EMPTY)
    write_model("tiny_species", Task.SPECIES)


def test_a_pair_is_loaded_by_its_common_name_and_answers_in_order(pair: None, photos: list[Path]) -> None:
    model = wildcam.load("tiny")
    assert [verdict.label for verdict in model.classify(photos)] == ["deer", "empty", "hare"]
    assert model.classes == ("deer", "fox", "hare")
    assert [card.name for card in model.cards] == ["tiny_empty", "tiny_species"]


def test_without_a_name_the_default_pair_is_loaded(pair: None, photos: list[Path]) -> None:
    assert [card.name for card in wildcam.load().cards] == ["tiny_empty", "tiny_species"]


def test_each_stage_can_be_named(pair: None, write_model: Callable[..., object]) -> None:
    write_model("other_species", Task.SPECIES)
    assert wildcam.load(species_model="other_species").cards[-1].name == "other_species"


def test_one_model_answers_alone(pair: None, photos: list[Path]) -> None:
    labels = [verdict.label for verdict in wildcam.load("tiny_empty").classify(photos)]
    assert labels == ["animal", "empty", "animal"]


def test_a_photo_that_cannot_be_read_ends_nothing(pair: None, photos: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"not a photo")
    verdicts = list(wildcam.load("tiny").classify([str(photos[0]), broken, photos[2].read_bytes()]))
    assert [verdict.label for verdict in verdicts] == ["deer", "failed", "hare"]
    assert "broken.jpg" in verdicts[1].failure


def test_thresholds_and_views_are_those_that_were_asked_for(pair: None, photos: list[Path]) -> None:
    (verdict,) = wildcam.load("tiny").classify(photos[:1], views=2, thresholds=Thresholds(empty=0.0))
    assert verdict.label == "empty"
    assert len(verdict.views) == 2


def test_a_single_path_is_refused_with_advice(pair: None, photos: list[Path]) -> None:
    with pytest.raises(UsageError, match="pass a list"):
        wildcam.load("tiny").classify(str(photos[0]))


def test_an_unknown_model_lists_the_known_ones(pair: None) -> None:
    with pytest.raises(UsageError, match="tiny_empty, tiny_species"):
        wildcam.load("nothing")


def test_a_name_and_a_stage_contradict_each_other(pair: None) -> None:
    with pytest.raises(UsageError, match="give one of them"):
        wildcam.load("tiny", species_model="tiny_species")


def test_data_sets_are_listed_and_opened() -> None:
    index = build_index({"image_id": ["1", "2"], "path": ["1.jpg", "2.jpg"], "label": ["deer", "empty"]})
    folder = load_settings().datasets_dir
    save_dataset(folder, index, name="reserve", source="", root=folder, format="csv", labels=LabelPolicy())
    assert [info.name for info in wildcam.list_datasets()] == ["reserve"]
    assert wildcam.open_dataset("reserve").index["label"].tolist() == ["deer", "empty"]


def test_runs_are_listed_and_opened(empty_database: Path, home: Path) -> None:
    shutil.copytree(empty_database, home)
    store = RunStore(load_settings())
    run = store.create(Kind.TRAIN, "first", Recipe.of("demo", "empty_cnn"))
    store.enqueue(run.id)
    assert [listed.id for listed in wildcam.list_runs(Kind.TRAIN)] == [run.id]
    assert wildcam.list_runs(Kind.CHECK) == []
    assert wildcam.open_run("first").id == run.id


def test_a_name_that_there_is_not_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        wildcam.nothing  # noqa: B018
    assert set(wildcam.__all__) <= set(dir(wildcam))


def test_the_import_alone_loads_no_library() -> None:
    code = """
import sys, wildcam
print(wildcam.__version__, sorted({"numpy", "pandas", "mlflow", "pydantic", "onnx", "openvino"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [wildcam.__version__, "[]"]
