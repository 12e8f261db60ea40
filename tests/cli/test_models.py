"""`models rename` and `models delete`, in this process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.architectures.presets import Task
from wildcam.cli.main import main
from wildcam.serving.bundle import list_bundles


@pytest.fixture
def names(
    write_model: Callable[..., object], models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], list[str]]:
    monkeypatch.setenv("WILDCAM_MODELS", str(models_dir))
    write_model("first", Task.EMPTY)
    write_model("second", Task.SPECIES)
    return lambda: [bundle.name for bundle in list_bundles(models_dir)]


def test_a_model_is_renamed_and_deleted(names: Callable[[], list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "rename", "second", "first"]) == 2
    assert "exists" in capsys.readouterr().err
    assert main(["models", "rename", "second", "third"]) == 0
    assert names() == ["first", "third"]
    assert main(["models", "delete", "third", "--yes"]) == 0
    assert names() == ["first"]
    assert main(["models", "delete", "third", "--yes"]) == 2
