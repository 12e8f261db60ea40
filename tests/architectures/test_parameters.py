"""The table of parameters; that its figures are those of the networks is tested beside these."""

import pytest

from wildcam.architectures.parameter_table import PARAMETER_TABLE
from wildcam.architectures.parameters import count_parameters
from wildcam.architectures.presets import PRESETS
from wildcam.errors import UsageError


def test_every_preset_has_its_row():
    assert list(PARAMETER_TABLE) == list(PRESETS)


def test_efficientnet_b0_has_the_experiments_number_of_trainable_parameters():
    assert count_parameters("efficientnet_b0", 215, 224).trainable == 4_773_715


def test_only_the_network_that_flattens_its_features_depends_on_the_image_size():
    depends = [name for name in PRESETS if count_parameters(name, 10, 300) != count_parameters(name, 10, 32)]
    assert depends == ["empty_cnn"]


def test_an_unknown_preset_is_refused():
    with pytest.raises(UsageError, match="efficientnet_b9"):
        count_parameters("efficientnet_b9", 10, 224)
