"""The networks of the Keras presets, on Keras's own layers: they run on any backend of Keras 3.

A network takes float32 images, (N, S, S, 3), RGB, 0–255, and gives probabilities: (N, 1), that of an animal,
for `empty_cnn`; (N, C), softmax, for the others. Training and serving models are wrapped around one network.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

from wildcam.architectures.presets import Framework, find_preset
from wildcam.errors import UsageError

PIXEL_MEAN = (0.485, 0.456, 0.406)  # of ImageNet, RGB, 0–1
PIXEL_DEVIATION = (0.229, 0.224, 0.225)

EMPTY_CNN_FILTERS, EMPTY_CNN_UNITS = (32, 64), 64
"""Of the convolutions of `empty_cnn`, 3 × 3 each, and of its hidden dense layer."""

SMALL_CNN_FILTERS = (32, 64, 96, 128)
"""Of the convolutions of `small_cnn`, 3 × 3 each."""

HEAD_UNITS = 512
"""Units of the dense layers in the heads of the EfficientNets."""

TOP_LAYERS = 10
"""Layers of the backbone that `efficientnet_b0_top10` trains."""

STATISTICS_MOMENTUM = 0.9
"""Share of the past in batch normalisation's running statistics, as torch has it. Keras's 0.99 needs hundreds of
steps before evaluation agrees with training, and an epoch of a small data set has dozens."""

HEAD_L1, HEAD_L2 = 1e-5, 1e-4
"""The experiments name L1L2 without its strengths: these add 0.3 to the loss at the start, 5.4 at 215 classes."""


def build_network(
    preset: str,
    classes: int,
    image_size: int,
    *,
    dropout: float = 0.3,
    normalised_inputs: bool = False,
    weights_path: Path | None = None,
) -> keras.Model:
    """The preset's network, from random weights, or its backbone from a file of keras.applications.

    `normalised_inputs` repeats the experiments' mistake: inputs are scaled by ImageNet's mean and deviation before a
    network that does so itself. Raises `UsageError` for a preset of another framework.
    """
    if find_preset(preset).framework is not Framework.KERAS:
        raise UsageError(f"Preset {preset!r} is built by {find_preset(preset).framework}, not by Keras.")
    if preset == "empty_cnn":
        network = _empty_cnn(image_size, dropout)
    elif preset == "small_cnn":
        network = _small_cnn(image_size, classes, dropout)
    else:
        backbone = _backbone(preset.split("_")[1], image_size, normalised_inputs, weights_path)
        network = _with_head(preset, backbone, classes, dropout)
    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = STATISTICS_MOMENTUM
    return network


@contextmanager
def computing_in(precision: str) -> Iterator[None]:
    """Layers made meanwhile compute in float32, bfloat16 or float16, and keep their weights in float32.

    https://keras.io/api/mixed_precision/
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32" if precision == "float32" else f"mixed_{precision}")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def for_serving(network: keras.Model) -> keras.Model:
    """The network as a bundle has it: uint8 images in, (N, C) probabilities out, C = 2 for a sigmoid."""
    images = keras.Input(network.input_shape[1:], dtype="uint8", name="images")
    probabilities = network(ops.cast(images, "float32"))
    if network.output_shape[-1] == 1:
        probabilities = ops.concatenate([1.0 - probabilities, probabilities], axis=-1)  # (N, 2): empty, animal
    return keras.Model(images, probabilities, name="serving")


def settle_normalisation(network: keras.Model) -> None:
    """Let the pixel statistics follow the variables just restored; call it after every such change.

    Keras's Normalization layer keeps eager tensors made of its variables, which tf2onnx would turn into
    inputs of the graph; plain arrays become constants.
    """
    for layer in network.layers:
        if isinstance(layer, layers.Normalization):
            layer.mean = _pixel_statistic(layer.adapt_mean)
            layer.variance = _pixel_statistic(layer.adapt_variance)


def _empty_cnn(image_size: int, dropout: float) -> keras.Model:
    """Two convolutions, two dense layers; half of the dropout after each convolution."""
    images = keras.Input((image_size, image_size, 3), name="images")
    x = layers.Rescaling(1 / 255)(images)
    for filters in EMPTY_CNN_FILTERS:
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling2D(2)(x)
        x = layers.Dropout(dropout / 2)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(EMPTY_CNN_UNITS, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dropout(dropout)(x)
    return keras.Model(
        images, layers.Dense(1, activation="sigmoid", dtype="float32", name="animal")(x), name="empty_cnn"
    )


def _small_cnn(image_size: int, classes: int, dropout: float) -> keras.Model:
    """Convolutions, each followed by a pooling that halves the side."""
    images = keras.Input((image_size, image_size, 3), name="images")
    x = layers.Rescaling(1 / 127.5, -1)(images)
    for filters in SMALL_CNN_FILTERS:
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(
        images, layers.Dense(classes, activation="softmax", dtype="float32", name="classes")(x), name="small_cnn"
    )


def _with_head(preset: str, backbone: keras.Model, classes: int, dropout: float) -> keras.Model:
    top10 = preset == "efficientnet_b0_top10"
    if top10:
        for layer in backbone.layers[:-TOP_LAYERS]:
            layer.trainable = False  # also holds batch normalisation to its running statistics
    head = _transfer_head if top10 else _whole_head
    return keras.Model(backbone.inputs[0], head(backbone.output, classes, dropout), name=preset)


def _backbone(variant: str, image_size: int, normalised_inputs: bool, weights_path: Path | None) -> keras.Model:
    images = keras.Input((image_size, image_size, 3), name="images")
    x = images
    if normalised_inputs:
        scale = [1 / (255 * deviation) for deviation in PIXEL_DEVIATION]
        offset = [-mean / deviation for mean, deviation in zip(PIXEL_MEAN, PIXEL_DEVIATION, strict=True)]
        x = layers.Rescaling(scale, offset)(x)
    make = getattr(keras.applications, f"EfficientNet{variant.upper()}")
    backbone = make(include_top=False, weights=None, input_tensor=x)
    if weights_path is not None:
        _load_imagenet(backbone, weights_path)
    settle_normalisation(backbone)
    return backbone


def _load_imagenet(backbone: keras.Model, weights_path: Path) -> None:
    """Load a file of keras.applications into a backbone that was built from random weights.

    Only with `weights="imagenet"` does keras.applications put one more layer behind the normalisation, which
    divides by the root of the deviation; the published weights need it. Here the variance carries that factor,
    so that a network has one shape whatever it started from and is restored without the file.
    """
    backbone.load_weights(str(weights_path))
    for layer in backbone.layers:
        if isinstance(layer, layers.Normalization):
            variance = layer.adapt_variance.numpy()
            layer.adapt_variance.assign(variance * np.array(PIXEL_DEVIATION, np.float32))


def _pixel_statistic(variable: keras.Variable) -> np.ndarray:
    return np.array(variable.numpy(), np.float32).reshape(1, 1, 1, 3)


def _whole_head(features: keras.KerasTensor, classes: int, dropout: float) -> keras.KerasTensor:
    x = layers.GlobalAveragePooling2D()(features)
    x = layers.Flatten()(x)
    x = _dense(x)
    x = layers.Dropout(dropout)(x)
    return layers.Dense(classes, activation="softmax", dtype="float32", name="classes")(x)


def _transfer_head(features: keras.KerasTensor, classes: int, _: float) -> keras.KerasTensor:
    x = layers.GlobalAveragePooling2D()(features)
    x = layers.BatchNormalization()(x)
    x = layers.Flatten()(x)
    x = _dense(_dense(x))
    return layers.Dense(classes, activation="softmax", dtype="float32", name="classes")(x)


def _dense(x: keras.KerasTensor) -> keras.KerasTensor:
    regulariser = keras.regularizers.L1L2(HEAD_L1, HEAD_L2)
    return layers.Dense(HEAD_UNITS, activation="relu", kernel_regularizer=regulariser)(x)
