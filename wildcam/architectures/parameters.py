"""How many parameters a preset's network has, by arithmetic: pages show it without loading a framework.

Sizes that both the arithmetic and the builders need are defined here; tests compare the two.
"""

import math
from dataclasses import dataclass
from typing import Self

from wildcam.architectures.presets import Framework, find_preset

HEAD_UNITS = 512
"""Units of the dense layers in the heads of the EfficientNets, and of fastai's (`lin_ftrs`)."""

TOP_LAYERS = 10
"""Layers of the backbone that `efficientnet_b0_top10` trains."""


SMALL_CNN_FILTERS = (32, 64, 96, 128)
"""Of the convolutions of `small_cnn`, 3 × 3 each."""


@dataclass(frozen=True)
class ParameterCount:
    """Parameters that training changes, and all that the network stores.

    Keras counts the running statistics of batch normalisation among them, torch calls them buffers and does not.
    """

    trainable: int
    total: int

    def __add__(self, other: Self) -> "ParameterCount":
        return ParameterCount(self.trainable + other.trainable, self.total + other.total)

    def frozen(self) -> "ParameterCount":
        """The same weights, none of them trained."""
        return ParameterCount(0, self.total)


@dataclass(frozen=True)
class EmptyCnn:
    """The sizes of the network of stage 1."""

    kernel: int = 3
    filters: tuple[int, int] = (32, 64)
    pools: tuple[int, int] = (2, 2)
    hidden: int = 64

    def flat(self, image_size: int) -> int:
        """Values that the convolutions hand to the dense layers; the pools round down."""
        return (image_size // self.pools[0] // self.pools[1]) ** 2 * self.filters[1]


EMPTY_CNN = EmptyCnn()


@dataclass(frozen=True)
class _Block:
    """One row of the EfficientNet paper's table 1 (Tan & Le 2019, arXiv:1905.11946)."""

    kernel: int
    repeats: int
    filters_in: int
    filters_out: int
    expansion: int


_BLOCKS = (
    _Block(3, 1, 32, 16, 1),
    _Block(3, 2, 16, 24, 6),
    _Block(5, 2, 24, 40, 6),
    _Block(3, 3, 40, 80, 6),
    _Block(5, 3, 80, 112, 6),
    _Block(5, 4, 112, 192, 6),
    _Block(3, 1, 192, 320, 6),
)
# Width and depth of B0 … B7, as in keras.applications.
_SCALES = ((1.0, 1.0), (1.0, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8), (1.6, 2.2), (1.8, 2.6), (2.0, 3.1))
_PIXEL_STATISTICS = 7  # Keras's Normalization layer: mean and variance of three channels, one count

_RESNET50_STAGES = ((3, 64), (4, 128), (6, 256), (3, 512))
_RESNET50_EXPANSION = 4


def count_parameters(preset_name: str, classes: int, image_size: int) -> ParameterCount:
    """Trainable and total parameters at that many classes; only `empty_cnn` depends on the image's side, px.

    ResNet-50 is counted as it is trained in the end: the whole network unfrozen.
    Raises `UsageError` for an unknown preset.
    """
    if find_preset(preset_name).framework is Framework.FASTAI:
        return _resnet50() + _fastai_head(features=2 * 512 * _RESNET50_EXPANSION, classes=classes)
    if preset_name == "empty_cnn":
        return _empty_cnn(EMPTY_CNN, image_size)
    if preset_name == "small_cnn":
        return _small_cnn(classes)
    if preset_name == "efficientnet_b0_top10":
        return _top10(classes)
    backbone, features = _efficientnet(*_SCALES[int(preset_name.removeprefix("efficientnet_b"))])
    return backbone + _dense(features, HEAD_UNITS) + _dense(HEAD_UNITS, classes)


def _weights(number: int) -> ParameterCount:
    return ParameterCount(number, number)


def _dense(inputs: int, units: int, *, bias: bool = True) -> ParameterCount:
    return _weights(inputs * units + units * bias)


def _convolution(kernel: int, inputs: int, filters: int, *, bias: bool = False) -> ParameterCount:
    return _weights(kernel * kernel * inputs * filters + filters * bias)


def _keras_normalisation(channels: int) -> ParameterCount:
    return ParameterCount(2 * channels, 4 * channels)  # scale, shift; and the running mean and variance


def _torch_normalisation(channels: int) -> ParameterCount:
    return _weights(2 * channels)


def _empty_cnn(sizes: EmptyCnn, image_size: int) -> ParameterCount:
    first, second = sizes.filters
    convolutions = _convolution(sizes.kernel, 3, first) + _convolution(sizes.kernel, first, second)
    dense = _dense(sizes.flat(image_size), sizes.hidden, bias=False) + _dense(sizes.hidden, 1)
    return sum(map(_keras_normalisation, (first, second, sizes.hidden)), start=convolutions + dense)


def _small_cnn(classes: int) -> ParameterCount:
    count, channels = ParameterCount(0, 0), 3
    for filters in SMALL_CNN_FILTERS:
        count += _convolution(3, channels, filters) + _keras_normalisation(filters)
        channels = filters
    return count + _dense(channels, classes)


def _top10(classes: int) -> ParameterCount:
    """The top ten layers that hold weights: two of the last block's excitation, its projection, the top."""
    backbone, features = _efficientnet(*_SCALES[0])
    last = _BLOCKS[-1]
    trained = (
        _excitation(last.filters_in, last.filters_in * last.expansion)
        + _convolution(1, last.filters_in * last.expansion, last.filters_out)
        + _keras_normalisation(last.filters_out)
        + _convolution(1, last.filters_out, features)
        + _keras_normalisation(features)
    )
    head = (
        _keras_normalisation(features)
        + _dense(features, HEAD_UNITS)
        + _dense(HEAD_UNITS, HEAD_UNITS)
        + _dense(HEAD_UNITS, classes)
    )
    return ParameterCount(trained.trainable, backbone.total) + head


def _efficientnet(width: float, depth: float) -> tuple[ParameterCount, int]:
    """The backbone without its top, and the features that it ends in."""
    channels = _round_filters(32, width)
    count = ParameterCount(0, _PIXEL_STATISTICS) + _convolution(3, 3, channels) + _keras_normalisation(channels)
    for block in _BLOCKS:
        filters_out = _round_filters(block.filters_out, width)
        for _ in range(math.ceil(depth * block.repeats)):
            count += _mobile_block(block.kernel, channels, filters_out, block.expansion)
            channels = filters_out
    features = _round_filters(1280, width)
    return count + _convolution(1, channels, features) + _keras_normalisation(features), features


def _mobile_block(kernel: int, inputs: int, outputs: int, expansion: int) -> ParameterCount:
    inner = inputs * expansion
    depthwise = _weights(kernel * kernel * inner) + _keras_normalisation(inner)
    projection = _convolution(1, inner, outputs) + _keras_normalisation(outputs)
    expand = _convolution(1, inputs, inner) + _keras_normalisation(inner) if expansion > 1 else _weights(0)
    return expand + depthwise + _excitation(inputs, inner) + projection


def _excitation(inputs: int, inner: int) -> ParameterCount:
    squeezed = max(1, inputs // 4)
    return _convolution(1, inner, squeezed, bias=True) + _convolution(1, squeezed, inner, bias=True)


def _round_filters(filters: int, width: float, divisor: int = 8) -> int:
    """To a multiple of eight, never more than a tenth down (the rule of keras.applications)."""
    wanted = filters * width
    rounded = max(divisor, int(wanted + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * wanted else rounded


def _resnet50() -> ParameterCount:
    """The body without pooling and the ImageNet classes (He et al. 2015, arXiv:1512.03385)."""
    count = _convolution(7, 3, 64) + _torch_normalisation(64)
    channels = 64
    for blocks, width in _RESNET50_STAGES:
        outputs = width * _RESNET50_EXPANSION
        count += _convolution(1, channels, outputs) + _torch_normalisation(outputs)  # the first block's shortcut
        for _ in range(blocks):
            count += _convolution(1, channels, width) + _convolution(3, width, width) + _convolution(1, width, outputs)
            count += _torch_normalisation(width) + _torch_normalisation(width) + _torch_normalisation(outputs)
            channels = outputs
    return count


def _fastai_head(features: int, classes: int) -> ParameterCount:
    """The head of fastai's `create_head`: two blocks of batch normalisation, dropout and a dense layer without bias."""
    return (
        _torch_normalisation(features)
        + _dense(features, HEAD_UNITS, bias=False)
        + _torch_normalisation(HEAD_UNITS)
        + _dense(HEAD_UNITS, classes, bias=False)
    )
