"""Models of one's own are renamed and deleted; the default follows, and what came with WildCam stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.architectures.presets import Task
from wildcam.errors import BundleError, UsageError
from wildcam.serving.bundle import Bundle, choose_pair, damaged_models, list_bundles, set_default, verify
from wildcam.serving.default_pair import read_default
from wildcam.serving.manage_models import delete_model, is_own, rename_model

WriteModel = Callable[..., Bundle]


@pytest.fixture
def dirs(write_model: WriteModel, models_dir: Path, tmp_path: Path) -> list[Path]:
    """Two models of one's own, and a shipped pair."""
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    for stage, task in (("empty", Task.EMPTY), ("species", Task.SPECIES)):
        write_model(f"mine_{stage}", task)
        write_model(f"shipped_{stage}", task).folder.rename(shipped / f"shipped_{stage}")
    return [models_dir, shipped]


def names(dirs: list[Path]) -> list[str]:
    return [bundle.name for bundle in list_bundles(dirs)]


def test_a_renamed_model_is_whole_and_stays_the_default(dirs: list[Path]) -> None:
    set_default(dirs, "mine_species")
    renamed = rename_model(dirs, "mine_species", "meadow")
    verify(renamed)
    assert renamed.card.name == "meadow"
    assert names(dirs) == ["meadow", "mine_empty", "shipped_empty", "shipped_species"]
    assert choose_pair(dirs)[1].name == "meadow"


def test_a_deleted_default_is_chosen_no_more(dirs: list[Path]) -> None:
    set_default(dirs, "mine_empty")
    delete_model(dirs, "mine_empty")
    assert "mine_empty" not in names(dirs)
    assert read_default(dirs[0]).empty == ""
    assert choose_pair(dirs)[0].name == "shipped_empty"


@pytest.mark.parametrize("taken", ["mine_empty", "shipped_empty"])
def test_a_taken_name_is_refused(dirs: list[Path], taken: str) -> None:
    with pytest.raises(UsageError, match="exists"):
        rename_model(dirs, "mine_species", taken)
    assert "mine_species" in names(dirs)


@pytest.mark.parametrize("name", ["../out", "", "a/b"])
def test_what_cannot_be_a_name_is_refused(dirs: list[Path], name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a name"):
        rename_model(dirs, "mine_species", name)
    assert "mine_species" in names(dirs)


def test_what_came_with_wildcam_stays(dirs: list[Path]) -> None:
    assert [is_own(dirs, name) for name in names(dirs)] == [True, True, False, False]
    with pytest.raises(UsageError, match="stays as it is"):
        rename_model(dirs, "shipped_empty", "mine")
    with pytest.raises(UsageError, match="stays as it is"):
        delete_model(dirs, "shipped_empty")
    assert "shipped_empty" in names(dirs)


def test_a_damaged_model_can_be_deleted_but_not_renamed(dirs: list[Path]) -> None:
    (dirs[0] / "mine_species" / "model.json").write_text("{")
    assert list(damaged_models(dirs)) == ["mine_species"]
    with pytest.raises(BundleError, match="damaged"):
        rename_model(dirs, "mine_species", "meadow")
    delete_model(dirs, "mine_species")
    assert damaged_models(dirs) == {}
    assert not (dirs[0] / "mine_species").exists()
