"""The network of the fastai preset: torchvision's ResNet-50 under fastai's head."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

import wildcam.architectures.torchvision_operators  # noqa: F401

# isort: split
from fastai.vision.core import imagenet_stats
from fastai.vision.learner import add_head, create_body, model_meta
from torchvision.models import resnet50

HEAD_UNITS = 512
"""Units of the dense layer in the head (`lin_ftrs`)."""

_RESNET50 = model_meta[resnet50]  # where fastai cuts it, and into which groups


def build_network(classes: int, *, dropout: float = 0.5, weights_path: Path | None = None) -> nn.Sequential:
    """Body and head as fastai's `vision_learner` makes them, from random weights or the body from torchvision's file.

    Takes float32 images, (N, 3, S, S), RGB, less ImageNet's mean and over its deviation; gives logits, (N, C).
    """
    resnet = resnet50(weights=None)
    if weights_path is not None:
        resnet.load_state_dict(torch.load(weights_path, map_location="cpu", weights_only=True))
    body = create_body(resnet, cut=_RESNET50["cut"])
    network = add_head(body, resnet.fc.in_features, classes, lin_ftrs=[HEAD_UNITS], ps=dropout)
    return network.to(memory_format=torch.channels_last)  # as images lie in memory; a fifth faster on a CPU


def parameter_groups(network: nn.Sequential) -> Any:
    """Lower body, upper body, head: each may learn at a rate of its own."""
    return _RESNET50["split"](network)


class Serving(nn.Module):
    """A network as a bundle has it: uint8 images, (N, S, S, 3), RGB, 0–255, in; probabilities, (N, C), out."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, network: nn.Sequential) -> None:
        super().__init__()
        self.network = network
        mean, deviation = imagenet_stats
        self.register_buffer("mean", 255 * torch.tensor(mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", 255 * torch.tensor(deviation).view(1, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """uint8, (N, S, S, 3) → float32, (N, C)."""
        inputs = images.permute(0, 3, 1, 2).float()  # (N, 3, S, S)
        return torch.softmax(self.network((inputs - self.mean) / self.deviation), dim=1)
