import json
import shutil
from datetime import UTC, datetime

import pytest

from wildcam.architectures.presets import Task
from wildcam.data.labels import LabelPolicy
from wildcam.errors import BundleError, UsageError
from wildcam.serving import bundle as bundle_module
from wildcam.serving.bundle import (
    choose_pair,
    default_of,
    demo_pair,
    list_bundles,
    missing_default,
    open_bundle,
    pair_for,
    promote,
    set_default,
    sha256,
    verify,
    write_bundle,
)
from wildcam.serving.card import Score


def test_a_card_comes_back_as_it_was_written(write_model, models_dir):
    written = write_model(
        "fox-finder",
        Task.SPECIES,
        label_policy=LabelPolicy(empty=("blank",), other=("human",), merged={"Vulpes": "fox"}),
        scores=(Score(subset="test", metric="macro_f1", value=0.31, images=42),),
        temperature=1.7,
        unknown_threshold=0.6,
        versions={"keras": "3"},
    )
    found = open_bundle(models_dir, "fox-finder")
    assert found == written
    assert found.card.name == "fox-finder"
    assert found.card.sha256 == sha256(found.graph_path)
    verify(found)


def test_a_bundle_that_cannot_be_completed_leaves_nothing_behind(make_card, models_dir, tmp_path):
    with pytest.raises(FileNotFoundError):
        write_bundle(models_dir / "ghost", tmp_path / "absent.onnx", make_card(Task.EMPTY))
    assert list(models_dir.iterdir()) == []


def test_a_replacement_that_fails_keeps_the_old_model(write_model, make_card, models_dir, monkeypatch):
    old = write_model("finder", Task.EMPTY)

    def break_off(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(bundle_module.atomic, "write_json", break_off)
    with pytest.raises(OSError, match="no space"):
        write_bundle(old.folder, old.graph_path, make_card(Task.EMPTY, best_epoch=9), replace=True)
    assert open_bundle(models_dir, "finder") == old
    assert [path.name for path in models_dir.iterdir()] == ["finder"]


def test_a_changed_graph_is_refused(write_model):
    bundle = write_model("finder", Task.EMPTY)
    bundle.graph_path.write_bytes(bundle.graph_path.read_bytes()[:-1] + b"!")
    with pytest.raises(BundleError, match=r"'finder' is not the one on its card"):
        verify(bundle)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda text: text[:100], "damaged at the file: Invalid JSON"),
        (lambda text: text.replace('"best_epoch": 3', '"best_epoch": "three"'), "damaged at best_epoch"),
        (lambda text: text.replace('"parity"', '"purity"'), "damaged at parity: Field required"),
        (lambda text: text.replace('    "empty",', '    "nothing",'), "a stage-1 model has the classes empty, animal"),
        (lambda text: text.replace('"animal"', '"empty"'), "a class is listed twice"),
    ],
)
def test_a_damaged_card_is_refused_with_the_place_and_left_out_of_the_list(write_model, models_dir, damage, reason):
    write_model("good", Task.SPECIES)
    card = write_model("bad", Task.EMPTY).folder / "model.json"
    damaged = damage(card.read_text())
    assert damaged != card.read_text()
    card.write_text(damaged)
    with pytest.raises(BundleError, match=reason):
        open_bundle(models_dir, "bad")
    assert [bundle.name for bundle in list_bundles(models_dir)] == ["good"]


def test_a_card_without_its_graph_is_refused(write_model, models_dir):
    write_model("finder", Task.EMPTY).graph_path.unlink()
    with pytest.raises(BundleError, match=r"no model\.onnx"):
        open_bundle(models_dir, "finder")


def test_a_model_that_is_still_being_written_is_not_listed(write_model, models_dir):
    bundle = write_model("finder", Task.EMPTY)
    bundle.folder.rename(models_dir / ".finder.x1y2")
    assert list_bundles(models_dir) == []


@pytest.mark.parametrize("name", ["absent", "../finder", ".hidden", ""])
def test_an_unknown_name_lists_the_known(write_model, models_dir, name):
    write_model("finder", Task.EMPTY)
    with pytest.raises(UsageError, match="Known: finder"):
        open_bundle(models_dir, name)


def test_promoting_copies_a_runs_model_under_a_name(write_model, models_dir, tmp_path):
    run_bundle = tmp_path / "runs" / "4f2a" / "bundle"
    run_bundle.parent.mkdir(parents=True)
    of_run = write_model("bundle", Task.SPECIES)
    of_run.folder.rename(run_bundle)
    promoted = promote(run_bundle, models_dir, "fox-finder")
    assert promoted == open_bundle(models_dir, "fox-finder")
    assert promoted.card == of_run.card.model_copy(update={"name": "fox-finder"})
    assert (run_bundle / "model.onnx").is_file()
    with pytest.raises(UsageError, match=r"'fox-finder' exists.*--replace"):
        promote(run_bundle, models_dir, "fox-finder")
    promote(run_bundle, models_dir, "fox-finder", replace=True)
    with pytest.raises(UsageError, match=r"'fox finder' cannot be a name"):
        promote(run_bundle, models_dir, "fox finder")
    assert [path.name for path in models_dir.iterdir()] == ["fox-finder"]


def test_a_run_without_a_model_cannot_be_promoted(models_dir, tmp_path):
    with pytest.raises(BundleError, match="Run 4f2a has no model yet"):
        promote(tmp_path / "runs" / "4f2a" / "bundle", models_dir, "finder")


def test_a_damaged_model_of_a_run_is_not_promoted(write_model, models_dir):
    bundle = write_model("bundle", Task.EMPTY)
    bundle.graph_path.write_bytes(b"something else")
    with pytest.raises(BundleError, match="not the one on its card"):
        promote(bundle.folder, models_dir, "finder")
    assert not (models_dir / "finder").exists()


def test_the_default_pair_learned_from_one_data_set_and_is_real(write_model, models_dir):
    def names():
        return tuple(bundle.name for bundle in choose_pair(models_dir))

    write_model("demo-empty", Task.EMPTY, dataset="demo", is_demo=True)
    write_model("demo-species", Task.SPECIES, dataset="demo", is_demo=True)
    assert names() == ("demo-empty", "demo-species")
    write_model("park-species", Task.SPECIES, dataset="park")
    assert names() == ("demo-empty", "demo-species")  # park has no stage 1 yet
    write_model("park-empty", Task.EMPTY, dataset="park")
    assert names() == ("park-empty", "park-species")


def test_drawn_photos_get_the_pair_that_knows_them_unless_a_default_was_chosen(write_model, models_dir):
    def names(*, drawn):
        return tuple(bundle.name for bundle in pair_for(models_dir, drawn=drawn))

    write_model("park-empty", Task.EMPTY, dataset="park")
    write_model("park-species", Task.SPECIES, dataset="park")
    assert names(drawn=True) == ("park-empty", "park-species")  # there is no other
    write_model("demo-empty", Task.EMPTY, dataset="demo", is_demo=True)
    write_model("demo-species", Task.SPECIES, dataset="demo", is_demo=True)
    assert names(drawn=True) == ("demo-empty", "demo-species")
    assert names(drawn=False) == ("park-empty", "park-species")
    set_default(models_dir, "park-species")
    assert names(drawn=True) == ("park-empty", "park-species")


def test_a_new_model_becomes_the_default_only_by_choice(write_model, models_dir, tmp_path):
    def names(models=models_dir):
        return tuple(bundle.name for bundle in choose_pair(models))

    write_model("park-empty", Task.EMPTY, dataset="park")
    write_model("park-species", Task.SPECIES, dataset="park")
    write_model("park-newer", Task.ALL, dataset="park", created_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert names() == ("park-empty", "park-species")
    set_default(models_dir, "park-newer")
    assert names() == ("park-empty", "park-newer")
    assert default_of(models_dir, Task.SPECIES).name == "park-newer"
    assert tuple(bundle.name for bundle in choose_pair(models_dir, species="park-species"))[1] == "park-species"
    with pytest.raises(UsageError, match="Unknown model 'zoo'"):
        set_default(models_dir, "zoo")
    assert missing_default(models_dir) == ""
    shutil.rmtree(models_dir / "park-newer")
    assert names() == ("park-empty", "park-species")
    assert missing_default(models_dir).startswith("The default model park-newer is not in")


def test_a_chosen_default_also_stands_beside_a_named_model(write_model, models_dir):
    for data in ("park", "zoo"):
        write_model(f"{data}-empty", Task.EMPTY, dataset=data)
        write_model(f"{data}-species", Task.SPECIES, dataset=data)
    set_default(models_dir, "zoo-empty")
    assert [bundle.name for bundle in choose_pair(models_dir, species="park-species")] == ["zoo-empty", "park-species"]


def test_models_that_came_with_the_product_are_listed_preferred_and_never_written_to(write_model, models_dir, tmp_path):
    write_model("field_empty", Task.EMPTY, dataset="field")
    write_model("field_species", Task.SPECIES, dataset="field")
    shipped, own = models_dir.rename(tmp_path / "shipped"), tmp_path / "own"
    before = {path: path.stat().st_mtime_ns for path in shipped.rglob("*")}
    write_model("run-model", Task.SPECIES, dataset="field", created_at=datetime(2020, 1, 1, tzinfo=UTC))
    run_bundle = models_dir / "run-model"
    with pytest.raises(UsageError, match="came with WildCam and stays as it is"):
        promote(run_bundle, (own, shipped), "field_species", replace=True)
    promote(run_bundle, (own, shipped), "mine")
    assert [bundle.name for bundle in list_bundles((own, shipped))] == ["field_empty", "field_species", "mine"]
    assert choose_pair((own, shipped))[1].name == "field_species"
    set_default((own, shipped), "mine")
    assert choose_pair((own, shipped))[1].name == "mine"
    assert {path: path.stat().st_mtime_ns for path in shipped.rglob("*")} == before


def test_the_demo_pair_is_that_of_drawn_photos_whatever_the_default_is(write_model, models_dir):
    assert demo_pair(models_dir) is None
    for place, is_demo in (("demo", True), ("park", False)):
        write_model(f"{place}-empty", Task.EMPTY, dataset=place, is_demo=is_demo)
        write_model(f"{place}-species", Task.SPECIES, dataset=place, is_demo=is_demo)
    assert [bundle.name for bundle in demo_pair(models_dir)] == ["demo-empty", "demo-species"]
    assert [bundle.name for bundle in choose_pair(models_dir)] == ["park-empty", "park-species"]


def test_a_named_model_gets_the_partner_that_fits_it(write_model, models_dir):
    for place in ("demo", "park"):
        write_model(f"{place}-empty", Task.EMPTY, dataset=place)
        write_model(f"{place}-species", Task.SPECIES, dataset=place)
    assert [bundle.name for bundle in choose_pair(models_dir, species="demo-species")] == ["demo-empty", "demo-species"]
    assert [bundle.name for bundle in choose_pair(models_dir, empty="park-empty")] == ["park-empty", "park-species"]
    with pytest.raises(UsageError, match="Unknown model 'zoo'"):
        choose_pair(models_dir, empty="zoo")


def test_without_a_stage_there_is_no_pair(write_model, models_dir):
    with pytest.raises(BundleError, match="predicts empty or animal"):
        choose_pair(models_dir)
    write_model("empty", Task.EMPTY)
    with pytest.raises(BundleError, match="predicts species"):
        choose_pair(models_dir)


def test_a_card_of_an_unknown_version_does_not_pass_silently(write_model, models_dir):
    card = write_model("finder", Task.EMPTY).folder / "model.json"
    card.write_text(json.dumps({**json.loads(card.read_text()), "masks": True}))
    with pytest.raises(BundleError, match="masks: Extra inputs are not permitted"):
        open_bundle(models_dir, "finder")


def test_a_model_of_whole_images_is_chosen_before_a_newer_one_of_crops(write_model, models_dir):
    write_model("empty", Task.EMPTY)
    write_model("whole", Task.SPECIES)
    write_model("crops", Task.SPECIES, crops=True, created_at=datetime(2026, 6, 1, tzinfo=UTC))
    assert choose_pair(models_dir)[1].name == "whole"
