"""A run in full: one typed object that the form, the command line and the run store all share."""

import difflib
from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from wildcam.architectures.presets import DEFAULT_BACKBONE, Preset, Task, find_preset
from wildcam.augmentation import Augmentation
from wildcam.choice import Choice
from wildcam.data.splits import SplitPolicy, SplitSpec
from wildcam.errors import UsageError
from wildcam.images import CROP_MARGIN
from wildcam.monitor import Monitor


class Weights(Choice):
    """What the backbone starts from."""

    IMAGENET = "imagenet", "ImageNet (pretrained)"
    RANDOM = "random", "random"


class InputScaling(Choice):
    """The inputs of a Keras EfficientNet, which contains its own rescaling and expects 0–255."""

    RAW = "raw", "none: 0–255"
    NORMALISED = "normalised", "ImageNet mean and deviation"


class Precision(Choice):
    """The number format that the network computes in; weights, loss and the exported model stay float32."""

    FLOAT32 = "float32", "float32"
    BFLOAT16 = "bfloat16", "bfloat16"
    FLOAT16 = "float16", "float16"


class ImbalanceStrategy(Choice):
    """What is done about class imbalance, in training only."""

    NONE = "none", "none"
    CLASS_WEIGHTS = "class_weights", "class weights"
    BALANCED = "balanced", "class-balanced sampling"
    SQUARE_ROOT = "square_root", "square-root sampling"
    FOCAL = "focal", "focal loss"
    LOGIT_ADJUSTMENT = "logit_adjustment", "logit adjustment"


def _field(default: Any, label: str, help: str, group: str, *, unit: str = "", **limits: Any) -> Any:
    return Field(default, title=label, description=help, json_schema_extra={"group": group, "unit": unit}, **limits)


class Recipe(BaseModel):
    """Every setting of a training run. Frozen, refuses unknown keys, round-trips through JSON.

    Make one by `Recipe.of(dataset, preset, **changes)`, which starts from the preset's values.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str = _field(..., "Data set", "The data set to train on.", "Data")
    preset: str = _field(..., "Preset", "The experiment that the other values start from.", "Model")

    task: Task = _field(
        Task.SPECIES,
        "Task",
        "empty: empty or animal (stage 1). species: the species on photos with an animal (stage 2). all: the species, "
        "with empty as one more class (one stage).",
        "Data",
    )
    split: SplitPolicy = _field(
        SplitPolicy.LOCATION,
        "Split",
        "location: validation and test are locations that training never saw. sequence: bursts stay whole. random: "
        "70/30 by photo as in the experiments; optimistic (leaks). given: the subsets of the source.",
        "Data",
    )
    split_seed: int = _field(0, "Split seed", "Another seed assigns other locations to the subsets.", "Data", ge=0)
    test_fraction: float = _field(
        0.15, "Test share", "Share of locations (or bursts) kept for the test subset.", "Data", ge=0, lt=1
    )
    val_fraction: float = _field(
        0.10, "Validation share", "Share of locations (or bursts) kept for validation.", "Data", gt=0, lt=1
    )
    id_val_fraction: float = _field(
        0.07,
        "Same-location validation share",
        "Share of the training photos held out as whole days: validation at the same locations on other days.",
        "Data",
        ge=0,
        lt=1,
    )
    random_val_fraction: float = _field(
        0.30, "Random validation share", "Share of the photos held out by a random split.", "Data", gt=0, lt=1
    )
    max_train_images: int = _field(
        0,
        "Training photos at most",
        "Train on a random sample of at most this many photos; 0 uses all.",
        "Data",
        unit="photos",
        ge=0,
    )
    min_class_size: int = _field(
        1,
        "Minimum class size",
        "Classes with fewer training photos are left out.",
        "Data",
        unit="photos",
        ge=1,
    )

    held_out_species: int = _field(
        0,
        "Held-out species",
        "This many species, drawn by the split seed, are left out of training, to measure how often the model calls "
        "an unseen species unknown. Not for the task empty.",
        "Data",
        unit="species",
        ge=0,
    )

    crops: bool = _field(
        False,
        "Crop to the detected animal",
        "Train, validate and test on the most confident box of the detector, with a margin; photos without a confident "
        "box stay whole. For the task species.",
        "Data",
    )
    crop_margin: float = _field(
        CROP_MARGIN,
        "Crop margin",
        "Margin on every side of a box, as a share of its longer side.",
        "Data",
        ge=0,
        le=1,
    )

    image_size: int = _field(
        224, "Image size", "Side of the square input of the model.", "Model", unit="px", ge=32, le=1024
    )
    backbone: str = _field(
        DEFAULT_BACKBONE,
        "Backbone",
        "Name of a network in timm. tf_efficientnet_lite0 comes with the installation; others are taken from the hub's "
        "cache, downloaded, or read from the weights file below.",
        "Model",
    )
    backbone_file: str = _field(
        "",
        "Weights file",
        "Path of a .safetensors file with the backbone's weights; empty takes those of the backbone's name.",
        "Model",
    )
    mirror_mean: bool = _field(
        False,
        "Average with the mirror image",
        "Train on the mean of the features of each photo and of its mirror image. Takes twice the time once.",
        "Model",
    )
    folds: int = _field(
        3,
        "Folds",
        "Parts of the cross-validation that chooses the strength and calibrates the model. Locations (bursts, where "
        "there are fewer than three) stay whole; with as many folds as locations each is left out by itself.",
        "Model",
        ge=2,
        le=50,
    )
    balance_locations: bool = _field(
        False,
        "Balance locations",
        "A location counts by the square root of its number of photos, so that a large one does not rule.",
        "Model",
    )
    weights: Weights = _field(
        Weights.IMAGENET,
        "Starting weights",
        "imagenet: pretrained weights, downloaded once. random: training from scratch, which learns far more slowly.",
        "Model",
    )
    input_scaling: InputScaling = _field(
        InputScaling.RAW,
        "Input scaling",
        "raw: 0 to 255, as this network expects. normalised: scaled once before the network scales again, the mistake "
        "that starved the frozen backbone of the experiment.",
        "Model",
    )
    dropout: float = _field(
        0.3, "Dropout", "Share of the head's units that are dropped in each step.", "Model", ge=0, lt=1
    )

    head_epochs: int = _field(
        0, "Head epochs", "Epochs that train the head alone, before the whole network.", "Schedule", ge=0
    )
    wise_ft: float = _field(
        1.0,
        "Share of fine-tuning",
        "The body's weights lie between the pretrained (0) and the fine-tuned ones (1): in between is often better on "
        "new locations (WiSE-FT, Wortsman et al. 2022).",
        "Schedule",
        ge=0,
        le=1,
    )
    epochs: int = _field(30, "Epochs", "Passes over the training photos, at most.", "Schedule", ge=1, le=1000)
    batch_size: int = _field(
        32,
        "Batch size",
        "Photos per step. Larger batches are faster, as far as the memory allows.",
        "Schedule",
        unit="photos",
        ge=2,
        le=4096,
    )
    find_batch_size: bool = _field(
        False,
        "Find the largest batch size",
        "Try the batch size above first, then double it while the memory suffices (up to 1,024 photos), or halve it "
        "until it does. The learning rate stays the same.",
        "Schedule",
    )
    precision: Precision = _field(
        Precision.FLOAT32,
        "Precision",
        "float32: full precision. bfloat16 or float16: mixed precision (Micikevicius et al. 2018), "
        "faster and with less memory on a GPU that supports it; seldom on a CPU. The exported model is float32 in any "
        "case.",
        "Schedule",
    )
    learning_rate: float = _field(
        1e-3, "Learning rate", "Learning rate at the start (at the peak of a one-cycle).", "Schedule", gt=0, le=10
    )
    find_learning_rate: bool = _field(
        False,
        "Use the learning-rate finder",
        "Run a learning-rate range test first and use the suggested rate; the rate above is used where none is "
        "suggested.",
        "Schedule",
    )
    lr_patience: int = _field(
        2,
        "Learning-rate patience",
        "Epochs without a lower validation loss before the learning rate is reduced.",
        "Schedule",
        unit="epochs",
        ge=1,
    )
    lr_factor: float = _field(
        0.2,
        "Learning-rate factor",
        "The learning rate is multiplied by this when it is reduced.",
        "Schedule",
        gt=0,
        lt=1,
    )
    min_learning_rate: float = _field(
        1e-6, "Minimum learning rate", "The learning rate is not reduced below this.", "Schedule", ge=0
    )
    early_stopping_patience: int = _field(
        4,
        "Early-stopping patience",
        "Epochs without a lower validation loss before training stops; 0 never stops early.",
        "Schedule",
        unit="epochs",
        ge=0,
    )
    monitor: Monitor = _field(
        Monitor.ACCURACY, "Best epoch by", "The weights of the best epoch by this metric are kept.", "Schedule"
    )
    seed: int = _field(0, "Seed", "Seed of every random choice in training.", "Schedule", ge=0)
    clean_train_loss: int = _field(
        0,
        "Photos for the clean training loss",
        "After each epoch, measure the loss on this many training photos as validation does: without augmentation and "
        "dropout, as plain cross-entropy; 0 measures none.",
        "Schedule",
        unit="photos",
        ge=0,
    )

    imbalance_strategy: ImbalanceStrategy = _field(
        ImbalanceStrategy.NONE,
        "Imbalance strategy",
        "What training does about rare classes; whether it helps is for the experiment to show. class_weights: rare "
        "classes have larger weights in the loss, by the effective number of photos (Cui et al. 2019). balanced: every "
        "class is sampled equally often. square_root: classes are sampled in proportion to the square root of their "
        "size (Mahajan et al. 2018). focal: easy examples have smaller weights (Lin et al. 2017). logit_adjustment: "
        "the loss accounts for the class frequencies (Menon et al. 2021). The training loss is the strategy's own; "
        "accuracies and validation stay plain.",
        "Imbalance",
    )
    label_smoothing: float = _field(
        0.0,
        "Label smoothing",
        "Share of the target that is spread over all classes; 0 is off. The training loss includes it.",
        "Imbalance",
        ge=0,
        le=0.5,
    )
    mixup: float = _field(
        0.0,
        "Mixup",
        "Blend each training photo and its label with another of the batch, by shares from a Beta(alpha, alpha) "
        "distribution (Zhang et al. 2018); this is alpha, 0 is off. The training accuracy counts the class with the "
        "larger share.",
        "Imbalance",
        ge=0,
        le=4,
    )

    flip: bool = _field(True, "Flip", "Mirror half of the photos left to right.", "Augmentation")
    rotation_degrees: float = _field(
        0.0, "Rotation", "Rotate by at most this angle.", "Augmentation", unit="degrees", ge=0, le=45
    )
    zoom: float = _field(0.0, "Zoom", "Zoom in or out by at most this share.", "Augmentation", ge=0, le=0.5)
    brightness: float = _field(
        0.0, "Brightness", "Brighten or darken by at most this share of full scale.", "Augmentation", ge=0, lt=0.5
    )
    contrast: float = _field(
        0.0, "Contrast", "Change the contrast by at most this share.", "Augmentation", ge=0, le=0.5
    )
    warp: float = _field(0.0, "Warp", "Strength of the perspective warp.", "Augmentation", ge=0, le=0.5)

    @classmethod
    def of(cls, dataset: str, preset: str, **changes: Any) -> Self:
        """The preset's values with changes. Raises `UsageError` for unknown fields and bad values."""
        defaults = find_preset(preset).defaults
        return cls.parse({**defaults, "dataset": dataset, "preset": preset, **changes})

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Self:
        """Validate a mapping. Raises `UsageError` with one sentence that names field, value and rule."""
        unknown = [name for name in values if name not in cls.model_fields]
        if unknown:
            near = difflib.get_close_matches(unknown[0], cls.model_fields, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(cls.model_fields)}."
            raise UsageError(f"Unknown field {unknown[0]!r} of a recipe.{hint}")
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            if first["type"] == "missing":
                raise UsageError(f"A recipe needs the field {first['loc'][0]!r}: add it.") from error
            raise UsageError.of(error) from error

    @model_validator(mode="after")
    def _fits_preset(self) -> Self:
        preset = find_preset(self.preset)
        if self.task not in preset.tasks:
            raise ValueError(
                f"preset {preset.name} supports the task {' or '.join(preset.tasks)}, not {self.task}: "
                "choose another preset or task"
            )
        if self.crops and self.task is not Task.SPECIES:
            raise ValueError(f"crops are for the task species, not {self.task}: leave crops out")
        if self.held_out_species and self.task is Task.EMPTY:
            raise ValueError("the task empty has no species to hold out: leave held_out_species out")
        if self.test_fraction + self.val_fraction >= 1:
            raise ValueError(
                "the test and validation shares leave nothing to train on: the sum of test_fraction and val_fraction "
                "must be below 1"
            )
        if preset.name == "probe" and self.imbalance_strategy is ImbalanceStrategy.FOCAL:
            raise ValueError("a probe has no focal loss: choose another imbalance strategy, or the preset probe_epochs")
        if self.wise_ft < 1 and self.weights is Weights.RANDOM:
            raise ValueError("random weights are nothing to go back to: leave wise_ft at 1")
        for name in preset.unused:
            usual = preset.defaults.get(name, type(self).model_fields[name].default)
            if getattr(self, name) != usual:
                raise ValueError(f"preset {preset.name} does not use {name}: leave it out")
        return self

    @property
    def preset_info(self) -> Preset:
        """The row of the table of presets."""
        return find_preset(self.preset)

    @property
    def split_spec(self) -> SplitSpec:
        """The split's part of the recipe."""
        return SplitSpec(
            policy=self.split,
            seed=self.split_seed,
            test_fraction=self.test_fraction,
            val_fraction=self.val_fraction,
            id_val_fraction=self.id_val_fraction,
            random_val_fraction=self.random_val_fraction,
        )

    @property
    def augmentation(self) -> Augmentation:
        """The augmentation's part of the recipe."""
        return Augmentation(**{name: getattr(self, name) for name in Augmentation.model_fields})

    @property
    def has_plain_loss(self) -> bool:
        """Whether training minimises the cross-entropy itself; sampling strategies leave it as it is."""
        plain = (ImbalanceStrategy.NONE, ImbalanceStrategy.BALANCED, ImbalanceStrategy.SQUARE_ROOT)
        return self.imbalance_strategy in plain and not self.label_smoothing and not self.mixup

    @property
    def total_epochs(self) -> int:
        """Epochs of the head and of the whole network together."""
        return self.epochs + self.head_epochs

    def changes(self) -> dict[str, Any]:
        """The fields that differ from the preset's values, as JSON values."""
        start = type(self).of(self.dataset, self.preset).model_dump(mode="json")
        return {name: value for name, value in self.model_dump(mode="json").items() if value != start[name]}

    def command(self) -> str:
        """The same run as a command line."""
        flags = " ".join(_flag(name, value) for name, value in self.changes().items())
        return f"python -m wildcam train --dataset {self.dataset} --preset {self.preset} {flags}".rstrip()


def fields_of(preset: str) -> dict[str, FieldInfo]:
    """The fields that a form for this preset shows, in order: dataset, preset and unused ones left out."""
    hidden = {"dataset", "preset", *find_preset(preset).unused}
    return {name: info for name, info in Recipe.model_fields.items() if name not in hidden}


def _flag(name: str, value: object) -> str:
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return f"--{option}" if value else f"--no-{option}"
    return f"--{option} {value}"
