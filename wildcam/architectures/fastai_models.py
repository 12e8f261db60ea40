"""Networks of the fastai presets: torchvision's ResNet-50 under fastai's head, and EfficientNet-Lite0 of timm."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

import wildcam.architectures.torchvision_operators  # noqa: F401

# isort: split
from fastai.vision.core import imagenet_stats
from fastai.vision.learner import add_head, create_body, model_meta
from torchvision.models import resnet50

from wildcam.architectures.backbone_info import BackboneInfo
from wildcam.architectures.backbones import Backbone, load_backbone
from wildcam.architectures.presets import DEFAULT_BACKBONE

HEAD_UNITS = 512
"""Units of the dense layer in ResNet-50's head (`lin_ftrs`)."""

_RESNET50 = model_meta[resnet50]  # where fastai cuts it, and into which groups


@dataclass(frozen=True)
class FastaiNetwork:
    """A body and a head, and what the trainer needs to know of them.

    Takes float32 images, (N, 3, S, S), RGB, 0–1, less `mean` and over `deviation`; gives logits, (N, C).
    """

    module: nn.Sequential
    parameter_groups: Callable[[nn.Sequential], Any]  # lower body, upper body, head: each may learn at its own rate
    mean: tuple[float, ...] = tuple(imagenet_stats[0])
    deviation: tuple[float, ...] = tuple(imagenet_stats[1])
    backbone: BackboneInfo | None = None  # for the model card

    @property
    def has_exact_map(self) -> bool:
        """Whether the logits are the mean of a map: global average pooling with a linear head."""
        return self.backbone is not None and self.backbone.has_map


def network_of(preset: str, classes: int, *, dropout: float = 0.5, weights_path: Path | None = None) -> FastaiNetwork:
    """A preset's network, from random weights or with the body of the preset's file of weights."""
    if preset == "resnet50":
        return FastaiNetwork(build_network(classes, dropout=dropout, weights_path=weights_path), parameter_groups)
    return pooled_network(load_backbone(DEFAULT_BACKBONE, pretrained=weights_path is not None), classes, dropout)


class FeatureMap(nn.Module):
    """A timm network up to its last feature map: (N, 3, S, S) → (N, F, h, w)."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        """float32, (N, 3, S, S) → float32, (N, F, h, w)."""
        spatial: Tensor = self.network.forward_features(images)
        return spatial


def pooled_network(backbone: Backbone, classes: int, dropout: float) -> FastaiNetwork:
    """A backbone under global average pooling, dropout and one linear layer, so that its activation map is exact."""
    head = nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(backbone.info.features, classes)
    )
    network: Any = nn.Sequential(FeatureMap(backbone.network), head)
    module = network.to(memory_format=torch.channels_last)
    info = backbone.info
    return FastaiNetwork(module, _halves_and_head, info.mean, info.deviation, info)


def _halves_and_head(network: nn.Sequential) -> list[list[nn.Parameter]]:
    """The first and the second half of the body's parameters in their order, and the head's."""
    body = list(network[0].parameters())
    return [body[: len(body) // 2], body[len(body) // 2 :], list(network[1].parameters())]


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
    """A network as a bundle has it: uint8 images, (N, S, S, 3), RGB, 0–255, in; probabilities, (N, C), out.

    With an exact map also `evidence`, (N, h, w, C), whose mean over the map is the logit (Zhou et al. 2016).
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, network: FastaiNetwork) -> None:
        super().__init__()
        self.network = network.module
        self.has_evidence = network.has_exact_map
        self.register_buffer("mean", 255 * torch.tensor(network.mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", 255 * torch.tensor(network.deviation).view(1, 3, 1, 1), persistent=False)

    def probabilities(self, images: Tensor) -> Tensor:
        """uint8, (N, S, S, 3) → float32, (N, C)."""
        answer = self(images)
        return answer[0] if self.has_evidence else answer

    def forward(self, images: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """uint8, (N, S, S, 3) → float32, (N, C), and with an exact map float32, (N, h, w, C)."""
        inputs = (images.permute(0, 3, 1, 2).float() - self.mean) / self.deviation  # (N, 3, S, S)
        if not self.has_evidence:
            return torch.softmax(self.network(inputs), dim=1)
        body, head = self.network
        evidence = list(head.children())[-1](body(inputs).permute(0, 2, 3, 1))  # (N, h, w, C)
        return torch.softmax(evidence.mean(dim=(1, 2)), dim=1), evidence
