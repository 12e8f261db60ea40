import keras
import numpy as np
import onnx
import onnxruntime
import pytest

from wildcam.architectures.keras_models import build_network, for_serving, settle_normalisation
from wildcam.training.keras_backend.onnx_export import write_onnx

pytestmark = pytest.mark.slow

SIDE = 32


@pytest.fixture(scope="module")
def images():
    """Image-like: large shapes, a little noise. uint8, (5, 32, 32, 3)."""
    random = np.random.default_rng(0)
    coarse = np.array(keras.ops.image.resize(random.uniform(0, 255, (5, 5, 5, 3)), (SIDE, SIDE)))
    return np.clip(coarse + random.normal(0, 8, coarse.shape), 0, 255).astype(np.uint8)


def network_of(preset, images, **options):
    """As after training: with pixel statistics, and running statistics that keep features apart."""
    keras.utils.set_random_seed(0)
    network = build_network(preset, 7, SIDE, **options)
    network.trainable = True  # a frozen layer would keep its statistics
    for layer in network.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.adapt_mean.assign([0.5, 0.4, 0.3])
            layer.adapt_variance.assign([0.05, 0.06, 0.07])
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    settle_normalisation(network)
    network(images.astype(np.float32), training=True)
    return network


@pytest.mark.parametrize("normalised_inputs", [False, True])
def test_pixels_are_scaled_inside_the_graph_whatever_the_recipe_feeds(normalised_inputs, images, tmp_path):
    network = network_of("efficientnet_b0", images, normalised_inputs=normalised_inputs)
    features = keras.layers.GlobalAveragePooling2D()(network.get_layer("stem_conv").output)
    serving = for_serving(keras.Model(network.inputs[0], features))
    found, expected = answers(serving, images, tmp_path / "model.onnx")
    assert expected.std(axis=0).max() > (1e-4 if normalised_inputs else 1e-2)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("preset", ["empty_cnn", "efficientnet_b0"])
def test_the_graph_gives_the_frameworks_probabilities_for_any_number_of_images(preset, images, tmp_path):
    serving = for_serving(network_of(preset, images))
    path = tmp_path / "model.onnx"
    found, expected = answers(serving, images, path)
    assert expected.std(axis=0).max() > 1e-2  # the images differ to it
    assert np.abs(found - expected).max() < 1e-3
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    assert found.shape == (len(images), 2 if preset == "empty_cnn" else 7)
    (alone,) = onnxruntime.InferenceSession(path).run(None, {"images": images[2:3]})
    np.testing.assert_allclose(alone[0], found[2], atol=1e-5)

    graph = onnx.load(path).graph
    (taken,), (given,) = graph.input, graph.output
    assert (taken.name, taken.type.tensor_type.elem_type) == ("images", onnx.TensorProto.UINT8)
    assert (given.name, given.type.tensor_type.elem_type) == ("probabilities", onnx.TensorProto.FLOAT)
    assert [size.dim_param or size.dim_value for size in taken.type.tensor_type.shape.dim] == ["N", SIDE, SIDE, 3]
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]


def answers(serving, images, path):
    """Of the exported graph and of the framework. float32, (N, C)."""
    write_onnx(serving, path)
    (found,) = onnxruntime.InferenceSession(path).run(["probabilities"], {"images": images})
    return found, np.array(serving(images))
