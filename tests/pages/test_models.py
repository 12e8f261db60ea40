"""Models: the table, a card, a comparison, and what can be done with a model."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.pages.open_page import open_page
from wildcam.architectures.presets import Task
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import choose_pair, list_bundles
from wildcam.settings import load_settings

page = partial(open_page, "models")


@pytest.fixture
def two_pairs(write_model: Callable[..., object], models: RunStore) -> RunStore:
    """The models of the module, and a second one of stage 2."""
    write_model("meadow_species", Task.SPECIES, dataset="meadow")
    return models


def names() -> list[str]:
    return [bundle.name for bundle in list_bundles(load_settings().model_dirs)]


def test_without_a_model_the_page_leads_to_training(
    new_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WILDCAM_MODELS", str(tmp_path / "none"))
    assert "No model yet" in page().info[0].value


def test_a_model_is_made_the_default_renamed_and_deleted(two_pairs: RunStore) -> None:
    app = page(model="meadow_species")
    app.button(key="models_default").click().run()
    assert not app.exception
    assert choose_pair(load_settings().model_dirs)[1].name == "meadow_species"

    app.text_input(key="models_name_meadow_species").set_value("pasture").run()
    app.button(key="models_rename").click().run()
    assert not app.exception
    assert "pasture" in names()
    assert "meadow_species" not in names()
    assert app.query_params["model"] == "pasture"
    assert choose_pair(load_settings().model_dirs)[1].name == "pasture"

    app.button(key="models_delete_pasture").click().run()
    assert not app.exception
    assert "pasture" not in names()


def test_a_taken_name_gets_a_sentence(two_pairs: RunStore) -> None:
    other = next(name for name in names() if name != "meadow_species")
    app = page(model="meadow_species")
    app.text_input(key="models_name_meadow_species").set_value(other).run()
    app.button(key="models_rename").click().run()
    assert "exists" in app.error[0].value
    assert "meadow_species" in names()


def test_scores_of_different_photos_are_said_not_to_compare(two_pairs: RunStore) -> None:
    species = [bundle.name for bundle in list_bundles(load_settings().model_dirs, Task.SPECIES)]
    other = next(name for name in species if name != "meadow_species")
    app = page(model="meadow_species", beside=other)
    assert any("different photos" in warning.value for warning in app.warning)
    assert any("Classes that both know" in caption.value for caption in app.caption)


def test_a_damaged_model_is_named(two_pairs: RunStore, models_dir: Path) -> None:
    (models_dir / "meadow_species" / "model.json").write_text("{")
    app = page()
    assert "is damaged" in app.error[0].value
    app.button(key="models_delete_meadow_species").click().run()
    assert not app.exception
    assert not app.error
    assert not (models_dir / "meadow_species").exists()


def test_a_model_that_came_with_wildcam_can_only_be_made_the_default(
    new_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WILDCAM_MODELS", raising=False)
    app = page(model="demo_species")
    assert [button.key for button in app.button if str(button.key).startswith("models_")] == ["models_default"]
    assert any("came with WildCam" in caption.value for caption in app.caption)
