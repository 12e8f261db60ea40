"""Parameters of every preset's network. The rows are written by `generate_parameter_table`, not by hand."""

from typing import NamedTuple


class ParameterRow(NamedTuple):
    """Parameters at no class and no cell, and what each class and each cell adds; the additions are all trained.

    A cell is a square of 4 × 4 px of the image; only `empty_cnn` has weights for each.
    """

    trainable: int
    total: int
    each_class: int
    each_cell: int


PARAMETER_TABLE = {
    "empty_cnn": ParameterRow(19_681, 20_001, 0, 4_096),
    "resnet50": ParameterRow(25_614_400, 25_614_400, 512, 0),
    "efficientnet_b0": ParameterRow(4_663_420, 4_705_443, 513, 0),
    "efficientnet_b0_top10": ParameterRow(1_814_320, 4_973_219, 513, 0),
    "efficientnet_b1": ParameterRow(7_169_056, 7_231_111, 513, 0),
    "efficientnet_b2": ParameterRow(8_422_402, 8_489_977, 513, 0),
    "efficientnet_b3": ParameterRow(11_483_176, 11_570_479, 513, 0),
    "efficientnet_b4": ParameterRow(18_466_632, 18_591_839, 513, 0),
    "efficientnet_b5": ParameterRow(29_389_872, 29_562_615, 513, 0),
    "efficientnet_b6": ParameterRow(41_915_864, 42_140_303, 513, 0),
    "efficientnet_b7": ParameterRow(65_098_192, 65_408_919, 513, 0),
    "small_cnn": ParameterRow(185_824, 186_464, 129, 0),
    "efficientnet_lite0": ParameterRow(3_371_008, 3_371_008, 1_281, 0),
    "probe": ParameterRow(0, 3_371_008, 1_281, 0),
    "probe_epochs": ParameterRow(0, 3_371_008, 1_281, 0),
}
