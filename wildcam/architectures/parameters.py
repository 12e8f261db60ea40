"""How many parameters a preset's network has, from a table: pages show it without loading a framework."""

from dataclasses import dataclass

from wildcam.architectures.parameter_table import PARAMETER_TABLE
from wildcam.architectures.presets import find_preset


@dataclass(frozen=True)
class ParameterCount:
    """Parameters that training changes, and all that the network stores.

    Keras counts the running statistics of batch normalisation among them, torch calls them buffers and does not.
    """

    trainable: int
    total: int


def count_parameters(preset_name: str, classes: int, image_size: int) -> ParameterCount:
    """Trainable and total parameters at that many classes; only `empty_cnn` depends on the image's side, px.

    ResNet-50 is counted as it is trained in the end: the whole network unfrozen.
    Raises `UsageError` for an unknown preset.
    """
    row = PARAMETER_TABLE[find_preset(preset_name).name]
    added = row.each_class * classes + row.each_cell * (image_size // 4) ** 2
    return ParameterCount(row.trainable + added, row.total + added)
