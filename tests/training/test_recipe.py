import re
import shlex

import pytest

from wildcam.architectures.presets import PRESETS, Task
from wildcam.data.splits import SplitPolicy
from wildcam.errors import UsageError
from wildcam.monitor import Monitor
from wildcam.training.recipe import InputScaling, Recipe, Weights, fields_of

CHANGES = {
    "efficientnet_b0": {"flip": False, "find_learning_rate": True, "split": "random", "learning_rate": 3e-4, "seed": 7},
    "resnet50": {"task": "species", "find_learning_rate": False, "monitor": "val_macro_f1", "warp": 0.1},
}


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_makes_a_recipe_with_its_own_values(preset):
    recipe = Recipe.of("demo", preset)
    assert recipe.changes() == {}
    assert all(getattr(recipe, name) == value for name, value in PRESETS[preset].defaults.items())
    assert recipe.task in PRESETS[preset].tasks
    assert recipe.image_size == PRESETS[preset].image_size


@pytest.mark.parametrize("preset", PRESETS)
def test_a_recipe_comes_back_from_json_and_from_the_strings_of_a_run_store(preset):
    recipe = Recipe.of("demo", preset, **CHANGES.get(preset, {}))
    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe
    strings = {name: str(value) for name, value in recipe.model_dump(mode="json").items()}
    assert Recipe.parse(strings) == recipe


@pytest.mark.parametrize(("preset", "changes"), CHANGES.items())
def test_a_recipe_comes_back_from_its_command_line(preset, changes):
    recipe = Recipe.of("demo", preset, **changes)
    words = shlex.split(recipe.command())
    assert words[:7] == ["python", "-m", "wildcam", "train", "--dataset", "demo", "--preset"]
    options, position = {}, 8
    while position < len(words):
        name = words[position].removeprefix("--").replace("-", "_")
        negated = name.removeprefix("no_")
        if Recipe.model_fields.get(negated) and Recipe.model_fields[negated].annotation is bool:
            options[negated], position = name == negated, position + 1
        else:
            options[name], position = words[position + 1], position + 2
    assert options.keys() == changes.keys()
    assert Recipe.of("demo", words[7], **options) == recipe


def test_the_experiments_values_are_the_presets_values():
    cnn = Recipe.of("demo", "empty_cnn")
    assert (cnn.image_size, cnn.batch_size, cnn.max_train_images, cnn.weights) == (56, 128, 90_000, Weights.RANDOM)
    for name in ("empty_cnn", "efficientnet_b0", "efficientnet_b0_top10", "efficientnet_b7"):
        recipe = Recipe.of("demo", name)
        schedule = (recipe.lr_factor, recipe.lr_patience, recipe.min_learning_rate, recipe.early_stopping_patience)
        assert schedule == (0.2, 2, 1e-6, 4)
        assert (recipe.monitor, recipe.input_scaling) == (Monitor.ACCURACY, InputScaling.RAW)
    resnet = Recipe.of("demo", "resnet50")
    assert (resnet.head_epochs, resnet.epochs, resnet.max_train_images, resnet.total_epochs) == (5, 5, 15_000, 10)
    assert (resnet.find_learning_rate, resnet.learning_rate) == (True, 0.03)
    subsets = {int(name[-1]): preset.image_size for name, preset in PRESETS.items() if re.search(r"_b\d$", name)}
    assert subsets == {0: 224, 1: 240, 2: 260, 3: 300, 4: 380, 5: 456, 6: 528, 7: 600}


@pytest.mark.parametrize(
    ("preset", "changes", "sentence"),
    [
        (
            "efficientnet_b0",
            {"learning_rte": 1},
            "Unknown field 'learning_rte' of a recipe. Did you mean 'learning_rate'?",
        ),
        ("efficientnet_b0", {"zzz": 1}, "Unknown field 'zzz' of a recipe. Known: dataset, preset, task"),
        ("efficientnet_b0", {"epochs": 0}, "epochs = 0: expected greater than or equal to 1."),
        ("efficientnet_b0", {"epochs": "ten"}, "epochs = 'ten': expected a valid integer"),
        ("efficientnet_b0", {"learning_rate": float("nan")}, "learning_rate = nan: "),
        (
            "efficientnet_b0",
            {"split": "camera"},
            "split = 'camera': expected 'location', 'sequence', 'random' or 'given'.",
        ),
        ("efficientnet_b0", {"warp": 0.2}, "Preset efficientnet_b0 does not use warp: leave it out."),
        ("empty_cnn", {"weights": "imagenet"}, "Preset empty_cnn does not use weights: leave it out."),
        (
            "empty_cnn",
            {"task": "species"},
            "Preset empty_cnn supports the task empty, not species: choose another preset or task.",
        ),
        (
            "resnet50",
            {"test_fraction": 0.6, "val_fraction": 0.5},
            "The test and validation shares leave nothing to train on",
        ),
        (
            "probe",
            {"imbalance_strategy": "focal"},
            "A probe has no focal loss: choose another imbalance strategy, or the preset probe_epochs.",
        ),
        ("resnet5", {}, "Unknown preset 'resnet5'. Known: empty_cnn, resnet50, efficientnet_b0"),
    ],
)
def test_a_wrong_value_gets_one_sentence(preset, changes, sentence):
    with pytest.raises(UsageError, match=re.escape(sentence)) as caught:
        Recipe.of("demo", preset, **changes)
    assert "\n" not in str(caught.value)


def test_a_missing_field_is_named():
    with pytest.raises(UsageError, match=r"^A recipe needs the field 'dataset': add it\.$"):
        Recipe.parse({"preset": "empty_cnn"})


def test_a_form_shows_the_fields_that_the_preset_uses_with_their_words():
    shown = fields_of("empty_cnn")
    assert {"dataset", "preset", "weights", "input_scaling", "warp", "head_epochs"}.isdisjoint(shown)
    assert {"task", "split", "dropout", "lr_patience"} <= shown.keys()
    assert "warp" in fields_of("resnet50")
    for info in shown.values():
        assert info.title
        assert info.description.endswith(".")
        assert info.json_schema_extra["group"]


def test_split_and_augmentation_are_parts_of_the_recipe():
    recipe = Recipe.of("demo", "resnet50", split="sequence", split_seed=3, val_fraction=0.2, task=Task.EMPTY)
    assert (recipe.split_spec.policy, recipe.split_spec.seed) == (SplitPolicy.SEQUENCE, 3)
    assert recipe.split_spec.val_fraction == 0.2
    assert (recipe.augmentation.warp, recipe.augmentation.flip) == (0.2, True)
