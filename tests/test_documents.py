"""The parts of the site that are made from the code; `make docs` builds the whole and follows every link."""

import importlib
import re
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from wildcam.architectures.presets import PRESETS
from wildcam.settings import PROJECT_DIR, Settings
from wildcam.training.recipe import Recipe

COMMANDS = (
    "demo",
    "serve",
    "train",
    "identify",
    "predict",
    "results",
    "evaluate",
    "export",
    "study",
    "data import",
    "runs resume",
)
ROOT_DOCUMENTS = [PROJECT_DIR / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]


@pytest.fixture
def generate(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(PROJECT_DIR / "docs" / "_generate")
    return importlib.import_module("tables")


def test_the_recipe_page_has_every_field(generate: ModuleType) -> None:
    page = generate.recipe_page()
    assert all(f"| `{name}` | {info.title} |" in page for name, info in Recipe.model_fields.items())


def test_presets_and_settings_are_complete(generate: ModuleType) -> None:
    assert all(f"\n## {name}\n" in generate.presets_page() for name in PRESETS)
    assert all(f"`WILDCAM_{name.upper()}`" in generate.settings_page() for name in Settings.model_fields)


def test_the_command_line_page_has_every_command(generate: ModuleType) -> None:
    page = importlib.import_module("command_line").command_line_page()
    assert all(f" `wildcam {command}`" in page for command in COMMANDS)


def test_the_diagram_has_every_layer_and_no_arrow_that_runs_up(generate: ModuleType) -> None:
    layers = importlib.import_module("layers")
    rows = layers.read_layers()
    texts = [element.text or "" for element in ElementTree.fromstring(layers.layers_diagram()).iter() if element.text]
    assert all(" · ".join(row) in texts for row in rows[:-1])
    assert all(source < target for source, target in layers.arrows(rows))


def test_every_part_is_explained_in_the_architecture(generate: ModuleType) -> None:
    text = (PROJECT_DIR / "docs" / "architecture.md").read_text()
    parts = [part for row in importlib.import_module("layers").read_layers()[:-1] for part in row]
    assert all(f"`{part}`" in text for part in parts)


@pytest.mark.parametrize("path", ROOT_DOCUMENTS, ids=lambda path: path.name)
def test_links_of_a_document_in_the_root_lead_to_a_file(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text())
    assert [target for target in targets if not (PROJECT_DIR / target).exists()] == []
