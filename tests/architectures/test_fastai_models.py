import pytest
import torch

from wildcam.architectures.fastai_models import Serving, build_network, parameter_groups
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
    serving = Serving(network)
    with torch.inference_mode():
        together, alone = serving(images), torch.cat([serving(image[None]) for image in images])
    assert together.shape == (3, 7)
    assert together.dtype == torch.float32
    torch.testing.assert_close(together, alone, rtol=1e-3, atol=1e-4)  # sums in another order
    torch.testing.assert_close(together.sum(dim=1), torch.ones(3))
