import pytest
import torch

from wildcam.architectures.backbones import load_backbone
from wildcam.architectures.fastai_models import (
    FastaiNetwork,
    Serving,
    build_network,
    network_of,
    parameter_groups,
    pooled_network,
)
from wildcam.architectures.packaged_weights import PACKAGED_WEIGHTS
from wildcam.architectures.parameters import count_parameters

# isort: split
from fastai.vision.learner import create_vision_model
from torchvision.models import resnet50

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def network():
    return build_network(7).eval()


def test_the_network_is_what_vision_learner_makes(network):
    made = create_vision_model(resnet50, 7, pretrained=False, lin_ftrs=[512], ps=0.3)
    assert [(name, value.shape) for name, value in build_network(7, dropout=0.3).state_dict().items()] == [
        (name, value.shape) for name, value in made.state_dict().items()
    ]
    assert str(build_network(7, dropout=0.3)) == str(made)


def test_it_has_as_many_parameters_as_the_table_says(network):
    count = count_parameters("resnet50", classes=7, image_size=224)
    assert sum(parameter.numel() for parameter in network.parameters()) == count.total == count.trainable


def test_the_last_group_of_parameters_is_the_head(network):
    groups = parameter_groups(network)
    assert len(groups) == 3
    assert {id(parameter) for parameter in groups[-1]} == {id(parameter) for parameter in network[1].parameters()}


def test_the_body_gives_the_features_of_torchvisions_file(tmp_path):
    torch.manual_seed(1)
    theirs = resnet50(weights=None).eval().to(memory_format=torch.channels_last)  # as ours: the same kernels
    torch.save(theirs.state_dict(), tmp_path / "resnet50.pth")
    features = []
    theirs.layer4.register_forward_hook(lambda module, inputs, output: features.append(output))
    images = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        theirs(images)
        ours = build_network(7, weights_path=tmp_path / "resnet50.pth").eval()[0](images)
    torch.testing.assert_close(ours, features[0], rtol=1e-3, atol=1e-4)


def test_a_served_image_does_not_depend_on_its_batch(network):
    images = torch.randint(0, 256, (3, 48, 48, 3), dtype=torch.uint8)
    serving = Serving(FastaiNetwork(network, parameter_groups))
    with torch.inference_mode():
        together, alone = serving(images), torch.cat([serving(image[None]) for image in images])
    assert together.shape == (3, 7)
    assert together.dtype == torch.float32
    torch.testing.assert_close(together, alone, rtol=1e-3, atol=1e-4)  # sums in another order
    torch.testing.assert_close(together.sum(dim=1), torch.ones(3))


@pytest.fixture(scope="module")
def pooled():
    return pooled_network(load_backbone("test_efficientnet", pretrained=False), 5, dropout=0.2)


def test_the_map_of_a_pooled_network_is_exact(pooled):
    serving = Serving(pooled).eval()
    images = torch.randint(0, 256, (2, 64, 64, 3), dtype=torch.uint8)
    with torch.inference_mode():
        probabilities, evidence = serving(images)
        inputs = (images.permute(0, 3, 1, 2).float() - serving.mean) / serving.deviation
        logits = pooled.module(inputs)
    assert evidence.shape == (2, 2, 2, 5)
    torch.testing.assert_close(evidence.mean(dim=(1, 2)), logits, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(probabilities, logits.softmax(dim=1), rtol=1e-4, atol=1e-5)


def test_the_groups_of_a_pooled_network_hold_every_parameter_once(pooled):
    groups = pooled.parameter_groups(pooled.module)
    assert [len(group) for group in groups[2:]] == [2]  # the linear layer's weights and bias
    held = [id(parameter) for group in groups for parameter in group]
    assert sorted(held) == sorted(id(parameter) for parameter in pooled.module.parameters())


def test_lite0_starts_from_the_weights_that_are_installed():
    path = PACKAGED_WEIGHTS["tf_efficientnet_lite0"].verified_path()
    pretrained, random = (network_of("efficientnet_lite0", 3, weights_path=given) for given in (path, None))
    assert pretrained.backbone.licence == "Apache-2.0"
    stems = [network.module[0].network.conv_stem.weight for network in (pretrained, random)]
    assert not torch.equal(*stems)
    count = count_parameters("efficientnet_lite0", classes=3, image_size=224)
    assert sum(parameter.numel() for parameter in random.module.parameters()) == count.total == count.trainable
