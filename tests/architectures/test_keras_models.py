import keras
import numpy as np
import pytest
from keras.ops import convert_to_numpy as to_numpy
from keras.src.applications import efficientnet

from wildcam.architectures.keras_models import PIXEL_DEVIATION, PIXEL_MEAN, build_network, for_serving
from wildcam.architectures.parameters import ParameterCount, count_parameters
from wildcam.errors import UsageError

pytestmark = pytest.mark.slow

CLASSES = 215
SIDE = 32


@pytest.fixture(scope="module")
def batch():
    """Smooth colours with noise on them, float32, (4, 32, 32, 3), 0–255."""
    random = np.random.default_rng(0)
    coarse = keras.ops.image.resize(random.uniform(0, 255, (4, 4, 4, 3)), (SIDE, SIDE))
    return np.clip(np.array(coarse) + random.normal(0, 10, (4, SIDE, SIDE, 3)), 0, 255).astype(np.float32)


@pytest.fixture(scope="module")
def efficientnet_b0():
    return build_network("efficientnet_b0", 5, SIDE)


@pytest.fixture(scope="module")
def weights_path(tmp_path_factory):
    """A file as keras.applications publishes them: HDF5 of old, pixel statistics of ImageNet, no top."""
    backbone = keras.applications.EfficientNetB0(weights=None, include_top=False, input_shape=(SIDE, SIDE, 3))
    for layer in backbone.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.set_weights([np.array(PIXEL_MEAN), np.array(PIXEL_DEVIATION) ** 2, np.array(0)])
        elif isinstance(layer, keras.layers.BatchNormalization):  # as if it had seen data
            layer.set_weights([weight + 0.1 for weight in layer.get_weights()])
    path = tmp_path_factory.mktemp("weights") / "efficientnetb0_notop.h5"
    backbone.save(path)
    return path


@pytest.mark.parametrize(
    "preset", ["empty_cnn", "small_cnn", "efficientnet_b0_top10", *(f"efficientnet_b{number}" for number in range(8))]
)
def test_the_parameter_table_counts_what_keras_counts(preset):
    network = build_network(preset, CLASSES, SIDE)
    trainable = sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
    assert count_parameters(preset, CLASSES, SIDE) == ParameterCount(trainable, network.count_params())


@pytest.mark.parametrize("image_size", [56, 57, 99])
def test_the_small_cnn_is_counted_at_any_side(image_size):
    assert (
        count_parameters("empty_cnn", 2, image_size).total == build_network("empty_cnn", 2, image_size).count_params()
    )


def test_a_preset_of_fastai_is_refused():
    with pytest.raises(UsageError, match="'resnet50' is built by fastai"):
        build_network("resnet50", 2, SIDE)


def test_normalised_inputs_are_what_the_right_network_would_be_fed_by_mistake(efficientnet_b0, batch):
    mistaken = build_network("efficientnet_b0", 5, SIDE, normalised_inputs=True)
    mistaken.set_weights(efficientnet_b0.get_weights())
    normalised = (batch / 255 - np.array(PIXEL_MEAN)) / np.array(PIXEL_DEVIATION)
    np.testing.assert_allclose(mistaken(batch), efficientnet_b0(normalised.astype(np.float32)), atol=1e-5)


def test_published_weights_give_the_features_that_keras_itself_computes_with_them(weights_path, batch, monkeypatch):
    monkeypatch.setattr(efficientnet.file_utils, "get_file", lambda *_, **__: str(weights_path))
    reference = keras.applications.EfficientNetB0(weights="imagenet", include_top=False, input_shape=(SIDE, SIDE, 3))
    network = build_network("efficientnet_b0", 5, SIDE, weights_path=weights_path)
    for layer in ("stem_activation", "top_activation"):
        expected, found = (
            np.array(keras.Model(model.inputs[0], model.get_layer(layer).output)(batch))
            for model in (reference, network)
        )
        assert expected.std() > 1e-3
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_the_top_ten_layers_learn_and_the_rest_stays_as_it_was_statistics_included(batch):
    network = build_network("efficientnet_b0_top10", 5, SIDE)
    network.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    before = {weight.path: to_numpy(weight) for weight in network.weights}
    network.train_on_batch(batch, np.arange(4))
    changed = {
        weight.path.split("/")[0] for weight in network.weights if (before[weight.path] != to_numpy(weight)).any()
    }
    head = {layer.name for layer in network.layers[-6:]}
    assert changed - head == {
        "block7a_se_reduce",
        "block7a_se_expand",
        "block7a_project_conv",
        "block7a_project_bn",
        "top_conv",
        "top_bn",
    }


def test_a_served_model_takes_bytes_and_gives_a_probability_for_each_class(efficientnet_b0, batch):
    images = batch.astype(np.uint8)
    small = build_network("empty_cnn", 2, SIDE)
    two = np.array(for_serving(small)(images))
    np.testing.assert_allclose(two[:, 1:], small(images.astype(np.float32)), atol=1e-6)
    five = np.array(for_serving(efficientnet_b0)(images))
    assert (two.shape, five.shape, five.dtype) == ((4, 2), (4, 5), np.float32)
    for probabilities in (two, five):
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
