"""Two who store under one name at once: the first is stored, the other gets a sentence."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from wildcam import atomic
from wildcam.architectures.presets import Task
from wildcam.data.catalog import build_index, open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import UsageError
from wildcam.serving.bundle import open_bundle


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let another act after the name was found free and before the folder is complete."""

    def arrange(act: Callable[[], object]) -> None:
        write, acts = atomic.write_json, [act]

        def write_json(path: Path, model: object) -> None:
            if acts:
                acts.pop()()
            write(path, model)

        monkeypatch.setattr(atomic, "write_json", write_json)

    return arrange


def test_two_imports(tmp_path: Path, meanwhile: Callable) -> None:
    def store(source: str) -> None:
        index = build_index({"image_id": ["a"], "path": ["a.jpg"], "label": pd.Series(["fox"])})
        labels = LabelPolicy()
        save_dataset(tmp_path, index, name="park", source=source, root=tmp_path, format="csv", labels=labels)

    meanwhile(lambda: store("fast"))
    with pytest.raises(UsageError, match="A data set named 'park' exists"):
        store("slow")
    assert open_dataset(tmp_path, "park").info.source == "fast"


def test_two_promotions(write_model: Callable, models_dir: Path, meanwhile: Callable) -> None:
    meanwhile(lambda: write_model("park", Task.EMPTY, run_id="fast"))
    with pytest.raises(UsageError, match="A model named 'park' exists"):
        write_model("park", Task.EMPTY, run_id="slow")
    assert open_bundle(models_dir, "park").card.run_id == "fast"
