"""The table of presets: the experiments to reproduce, each a named set of defaults for a recipe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from wildcam.choice import Choice
from wildcam.errors import one_of


class Framework(Choice):
    """The framework that trains; each is loaded in worker processes of its own."""

    KERAS = "keras", "Keras"
    FASTAI = "fastai", "fastai"
    SCIKIT_LEARN = "scikit_learn", "scikit-learn"


class Task(Choice):
    """What a model, or a pair of models, predicts."""

    EMPTY = "empty", "empty or animal"  # stage 1
    SPECIES = "species", "species of an animal"  # stage 2, on images with an animal
    ALL = "all", "empty or species"  # both stages, or one model with `empty` among its classes


@dataclass(frozen=True)
class Preset:
    """A named experiment: its network, its reported result, and its values of the recipe's fields."""

    name: str
    title: str
    framework: Framework
    description: str
    when: str  # ends the sentence "Choose it …"
    reported: str
    tasks: tuple[Task, ...]
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    unused: tuple[str, ...] = ()  # fields of the recipe that this preset does not read
    stage_1: str = ""  # the preset of stage 1 beside it in a pair; "" = itself, with the task empty
    packaged: str = ""  # timm's name of its network, where the weights come with the installation

    @property
    def has_epochs(self) -> bool:
        """Whether it is trained by epochs; a probe's are the strengths of its penalty."""
        return "epochs" not in self.unused

    @property
    def image_size(self) -> int:
        """The side of the model's square input, px."""
        return int(self.defaults["image_size"])


_KERAS_DEFAULTS = {
    "epochs": 30,
    "batch_size": 32,
    "learning_rate": 1e-3,
    "dropout": 0.3,
    "lr_patience": 2,
    "lr_factor": 0.2,
    "min_learning_rate": 1e-6,
    "early_stopping_patience": 4,
    "flip": True,
    "rotation_degrees": 10.0,
    "zoom": 0.1,
    "brightness": 0.1,
    "contrast": 0.1,
}
_BACKBONE = ("backbone", "backbone_file", "mirror_mean", "folds", "balance_locations")
_FASTAI_ONLY = ("head_epochs", "warp", "wise_ft", *_BACKBONE)
_EFFICIENTNET_SIDES = {0: 224, 1: 240, 2: 260, 3: 300, 4: 380, 5: 456, 6: 528, 7: 600}


PUBLISHED_STAGE_1 = "empty_cnn"
"""The network of stage 1 of the experiments."""

DEFAULT_BACKBONE = "tf_efficientnet_lite0"
"""timm's name of the backbone whose weights come with the installation."""

PROBE_STRENGTHS = 7
"""Strengths of the penalty that a probe tries; each counts as an epoch."""

_NOT_OF_A_PROBE = (
    "wise_ft",
    "head_epochs",
    "epochs",
    "batch_size",
    "find_batch_size",
    "precision",
    "learning_rate",
    "find_learning_rate",
    "lr_patience",
    "lr_factor",
    "min_learning_rate",
    "early_stopping_patience",
    "dropout",
    "clean_train_loss",
    "label_smoothing",
    "mixup",
    "warp",
)


_OF_EPOCHS = ("epochs", "batch_size", "learning_rate", "early_stopping_patience", "label_smoothing")


def _keras_defaults(task: Task, image_size: int, **own: Any) -> Mapping[str, Any]:
    return MappingProxyType({"task": task, "image_size": image_size, **_KERAS_DEFAULTS, **own})


def _probe(
    name: str,
    title: str,
    description: str,
    when: str,
    *,
    epochs: int,
    early_stopping_patience: int,
    unused: tuple[str, ...],
) -> Preset:
    """A linear head on a frozen backbone."""
    return Preset(
        name=name,
        title=title,
        framework=Framework.SCIKIT_LEARN,
        description=description,
        when=when,
        reported="Not one of the experiments.",
        tasks=(Task.SPECIES, Task.ALL, Task.EMPTY),
        defaults=MappingProxyType(
            {
                "task": Task.SPECIES,
                "image_size": 224,
                "epochs": epochs,
                "dropout": 0.0,
                "early_stopping_patience": early_stopping_patience,
                "monitor": "val_macro_f1",
                "imbalance_strategy": "balanced",
            }
        ),
        unused=unused,
    )


def _efficientnet(number: int) -> Preset:
    first = number == 0
    return Preset(
        name=f"efficientnet_b{number}",
        title=f"EfficientNet-B{number}, all layers",
        framework=Framework.KERAS,
        description="EfficientNet pretrained on ImageNet, with a new head: global average pooling, dense layer of 512 "
        "units, dropout, softmax. All layers are trained.",
        when="to reproduce stage 2 of the experiments; wants a GPU"
        if first
        else "to see what a larger network gains; slower than the one before it",
        reported="Strong overfitting; stopped on a plateau of the validation loss. 4,773,715 trainable parameters "
        "with 215 classes."
        if first
        else "Tried first, no result reported; class imbalance was the finding.",
        tasks=(Task.SPECIES, Task.ALL, Task.EMPTY),
        defaults=_keras_defaults(Task.SPECIES, _EFFICIENTNET_SIDES[number]),
        unused=_FASTAI_ONLY,
        stage_1=PUBLISHED_STAGE_1,
    )


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.name: preset
        for preset in (
            Preset(
                name=PUBLISHED_STAGE_1,
                title="Small CNN, empty or animal",
                framework=Framework.KERAS,
                description="The custom network of stage 1: two convolutional and two dense layers with batch "
                "normalisation and dropout, one sigmoid output. Trained from scratch.",
                when="to reproduce stage 1 of the experiments",
                reported="Stopped at epoch 9, best epoch 8; training and validation accuracy about 91 % "
                "(random split of 90,000 photos).",
                tasks=(Task.EMPTY,),
                defaults=_keras_defaults(Task.EMPTY, 56, batch_size=128, max_train_images=90_000, weights="random"),
                unused=(*_FASTAI_ONLY, "weights", "input_scaling", "crops", "crop_margin", "held_out_species"),
            ),
            Preset(
                name="resnet50",
                title="ResNet-50, head first, then all layers",
                framework=Framework.FASTAI,
                description="ResNet-50 pretrained on ImageNet with fastai's head: first the head alone, "
                "then all layers, each with a one-cycle schedule.",
                when="to reproduce the experiment with one model for all classes; wants a GPU",
                reported="The learning-rate finder suggested 0.03. Training loss stayed above validation loss; "
                "augmentation was the suspected cause, not tested. Test-time augmentation beat plain prediction. "
                "Training took about 3 hours.",
                tasks=(Task.ALL, Task.SPECIES, Task.EMPTY),
                defaults=MappingProxyType(
                    {
                        "task": Task.ALL,
                        "image_size": 224,
                        "head_epochs": 5,
                        "epochs": 5,
                        "batch_size": 64,
                        "max_train_images": 15_000,
                        "learning_rate": 0.03,
                        "find_learning_rate": True,
                        "dropout": 0.5,
                        "early_stopping_patience": 0,
                        "flip": True,
                        "rotation_degrees": 10.0,
                        "zoom": 0.1,
                        "brightness": 0.1,
                        "contrast": 0.2,
                        "warp": 0.2,
                    }
                ),
                unused=("lr_patience", "lr_factor", "min_learning_rate", "input_scaling", "wise_ft", *_BACKBONE),
                stage_1=PUBLISHED_STAGE_1,
            ),
            _efficientnet(0),
            Preset(
                name="efficientnet_b0_top10",
                title="EfficientNet-B0, top 10 layers",
                framework=Framework.KERAS,
                description="EfficientNet-B0 pretrained on ImageNet, frozen except its top 10 layers, with a new head: "
                "global average pooling, batch normalisation, two dense layers of 512 units, softmax.",
                when="to reproduce the failure of the experiments, and its cause",
                reported="“Very low”: accuracy of 11.6 % in training and validation. Likely cause: "
                "inputs were normalised although this network expects 0–255 (see the field Input scaling).",
                tasks=(Task.SPECIES, Task.ALL, Task.EMPTY),
                defaults=_keras_defaults(Task.SPECIES, 224, dropout=0.0),
                unused=(*_FASTAI_ONLY, "dropout"),
                stage_1=PUBLISHED_STAGE_1,
            ),
            *(_efficientnet(number) for number in range(1, 8)),
            Preset(
                name="small_cnn",
                title="Small CNN, any task",
                framework=Framework.KERAS,
                description="Four convolutional layers with batch normalisation, global average pooling, dropout, "
                "softmax: for first trials and for the studies where there is no GPU. Trained from scratch.",
                when="to try things out in minutes, on few or drawn photos",
                reported="Not one of the experiments.",
                tasks=(Task.SPECIES, Task.ALL, Task.EMPTY),
                defaults=_keras_defaults(
                    Task.SPECIES, 64, epochs=20, learning_rate=3e-3, weights="random", monitor="val_loss"
                ),
                unused=(*_FASTAI_ONLY, "weights", "input_scaling"),
            ),
            Preset(
                name="efficientnet_lite0",
                title="EfficientNet-Lite0, head first, then all layers",
                framework=Framework.FASTAI,
                description="EfficientNet-Lite0 with ImageNet weights that come with the installation, under global "
                "average pooling, dropout and one linear layer: first the head alone, then all layers, each with a "
                "one-cycle schedule. Its heat map is exact.",
                when="with many photos and a GPU",
                reported="Not one of the experiments.",
                tasks=(Task.ALL, Task.SPECIES, Task.EMPTY),
                defaults=MappingProxyType(
                    {
                        "task": Task.ALL,
                        "image_size": 224,
                        "head_epochs": 3,
                        "epochs": 5,
                        "batch_size": 32,
                        "learning_rate": 0.003,
                        "find_learning_rate": True,
                        "dropout": 0.2,
                        "early_stopping_patience": 0,
                        "monitor": "val_macro_f1",
                        "flip": True,
                        "rotation_degrees": 10.0,
                        "zoom": 0.1,
                        "brightness": 0.1,
                        "contrast": 0.2,
                        "warp": 0.2,
                    }
                ),
                unused=("lr_patience", "lr_factor", "min_learning_rate", "input_scaling", *_BACKBONE),
                packaged=DEFAULT_BACKBONE,
            ),
            _probe(
                "probe",
                "Probe: pretrained features, linear head",
                "A frozen pretrained backbone with a logistic regression on its features, with the penalty chosen by "
                "cross-validation over locations. Needs no GPU; features are computed once for all runs.",
                "first: without a GPU, or with few photos",
                epochs=PROBE_STRENGTHS,
                early_stopping_patience=0,
                unused=_NOT_OF_A_PROBE,
            ),
            _probe(
                "probe_epochs",
                "Probe by epochs: pretrained features, linear head",
                "As the probe, with the head trained by epochs: live curves, early stopping, and every imbalance "
                "strategy. The best epoch is that of the validation photos.",
                "to see a probe's curves, or to compare imbalance strategies on it",
                epochs=30,
                early_stopping_patience=5,
                unused=(
                    *(name for name in _NOT_OF_A_PROBE if name not in _OF_EPOCHS),
                    "folds",
                    "balance_locations",
                ),
            ),
        )
    }
)


def find_preset(name: str) -> Preset:
    """The preset of that name. Raises `UsageError` listing the known ones."""
    if name not in PRESETS:
        raise one_of("preset", name, list(PRESETS))
    return PRESETS[name]
