"""Backbones of timm, from a package, timm's hub or a local file; imports torch, so it is for workers only."""

import difflib
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

import wildcam.architectures.torchvision_operators  # noqa: F401

# isort: split
import timm

from wildcam.architectures.backbone_info import BackboneInfo
from wildcam.architectures.packaged_weights import PACKAGED_WEIGHTS
from wildcam.errors import DataError, UsageError

SAFE_SUFFIX = ".safetensors"
"""The one format of local weights: every other one may be a pickle, which runs code when it is read."""

MAP_TOLERANCE = 1e-4
"""Largest difference between a feature vector and the mean of the feature map that counts as rounding."""


@dataclass(frozen=True)
class Backbone:
    """A network without its classifier, in evaluation mode, and what is known of it."""

    network: Any  # timm's networks share methods beyond those of `nn.Module`
    info: BackboneInfo


def load_backbone(architecture: str, *, weights_path: Path | None = None, pretrained: bool = True) -> Backbone:
    """A backbone by timm's name with pretrained weights, or random ones where `pretrained` is False.

    Weights come from `weights_path` (safetensors only), else from an installed package, else from the hub's cache or
    a download. Raises `UsageError` for an unknown name or a file of another format, `DataError` for weights that are
    missing or do not fit.
    """
    _check_name(architecture)
    if not pretrained:
        return _described(_create(architecture), architecture, source="random weights", licence="", sha256="")
    if weights_path is not None:
        network, digest = _create(architecture), _load_local(architecture, weights_path)
        _fit(network, digest.state, str(weights_path))
        return _described(network, architecture, source=f"file {weights_path.name}", licence="", sha256=digest.sha256)
    if architecture in PACKAGED_WEIGHTS:
        return _load_packaged(architecture)
    return _load_from_hub(architecture)


@dataclass(frozen=True)
class _Weights:
    state: dict[str, Tensor]
    sha256: str


def _check_name(architecture: str) -> None:
    if timm.is_model(architecture.split(".")[0]):
        return
    near = difflib.get_close_matches(architecture, timm.list_models(), n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else " `timm.list_models()` lists the names."
    raise UsageError(f"timm knows no backbone named {architecture!r}.{hint}")


def _create(architecture: str, **options: Any) -> nn.Module:
    network: nn.Module = timm.create_model(architecture, **{"pretrained": False, **options})
    return network


def _load_local(architecture: str, path: Path) -> _Weights:
    if path.suffix != SAFE_SUFFIX:
        raise UsageError(
            f"The weights {path.name} are not a {SAFE_SUFFIX} file: other formats may run code when they are read. "
            f"Convert them with `safetensors.torch.save_file`."
        )
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return _Weights(load_file(path), digest)
    except (SafetensorError, ValueError) as error:
        raise DataError(
            f"The weights {path.name} are no readable safetensors file: {error}. Download them again."
        ) from error
    except OSError as error:
        raise DataError(f"The weights {path} cannot be read: {error.strerror or error}.") from error


def _load_packaged(architecture: str) -> Backbone:
    packaged = PACKAGED_WEIGHTS[architecture]
    path = packaged.verified_path()
    state = torch.load(path, map_location="cpu", weights_only=True)
    network = _create(architecture)
    theirs = [name for name in state if not name.endswith("num_batches_tracked")]
    ours = [name for name in network.state_dict() if not name.endswith("num_batches_tracked")]
    if len(theirs) != len(ours):
        raise DataError(
            f"The weights of {packaged.package} hold {len(theirs)} tensors, and {architecture} has {len(ours)}."
        )
    # The same layers in the same order under other names: pairing by order gives the same outputs to the last bit.
    _fit(network, {name: state[other] for name, other in zip(ours, theirs, strict=True)}, packaged.package)
    return _described(network, architecture, source=packaged.source, licence=packaged.licence, sha256=packaged.sha256)


def _load_from_hub(architecture: str) -> Backbone:
    try:
        network = _create(architecture, pretrained=True)
    except Exception as error:  # whatever the hub's client raises: no network, no such file, a broken cache
        raise DataError(
            f"The pretrained weights of {architecture} cannot be had from timm's hub "
            f"({str(error).splitlines()[0][:200] if str(error) else type(error).__name__}). Connect to the network "
            f"once, name a local {SAFE_SUFFIX} file, or start from random weights (--weights random)."
        ) from error
    pretrained: dict[str, Any] = getattr(network, "pretrained_cfg", {})
    digest = hashlib.sha256()
    for name, tensor in network.state_dict().items():
        digest.update(name.encode() + tensor.cpu().contiguous().numpy().tobytes())
    source = pretrained.get("hf_hub_id") or pretrained.get("url") or "timm"
    return _described(
        network,
        architecture,
        source=str(source),
        licence=str(pretrained.get("license") or ""),
        sha256=digest.hexdigest(),
    )


def _fit(network: nn.Module, state: dict[str, Tensor], source: str) -> None:
    """Load the backbone's tensors; a classifier of another size in the file is left out."""
    own = network.state_dict()
    config: dict[str, Any] = getattr(network, "pretrained_cfg", {})
    classifier = str(config.get("classifier") or "")
    head = tuple(f"{name}." for name in ([classifier] if classifier else []))
    backbone = {name: tensor for name, tensor in state.items() if not (head and name.startswith(head))}
    missing = [
        name
        for name in own
        if not name.endswith("num_batches_tracked") and not (head and name.startswith(head)) and name not in backbone
    ]
    unexpected = [name for name in backbone if name not in own]
    wrong = [name for name in backbone if name in own and backbone[name].shape != own[name].shape]
    if missing or unexpected or wrong:
        first = (missing or unexpected or wrong)[0]
        what = "lacks" if missing else "has the unknown" if unexpected else "has another shape of"
        raise DataError(
            f"The weights {source} are of another architecture: the file {what} {first!r} "
            f"({len(missing)} missing, {len(unexpected)} unknown, {len(wrong)} of another shape). Name the "
            f"architecture that they were saved from."
        )
    network.load_state_dict(backbone, strict=False)


def _described(network: Any, architecture: str, *, source: str, licence: str, sha256: str) -> Backbone:
    config: dict[str, Any] = getattr(network, "pretrained_cfg", {})
    network.reset_classifier(0)
    network.eval()
    size = int(config.get("input_size", (3, 224, 224))[-1])
    features, has_map = _probe_shape(network, size)
    info = BackboneInfo(
        architecture=architecture,
        source=source,
        licence=licence,
        sha256=sha256,
        mean=tuple(config.get("mean", (0.485, 0.456, 0.406))),
        deviation=tuple(config.get("std", (0.229, 0.224, 0.225))),
        interpolation=str(config.get("interpolation", "bilinear")),
        image_size=size,
        features=features,
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        has_map=has_map,
    )
    return Backbone(network, info)


def _probe_shape(network: Any, size: int) -> tuple[int, bool]:
    """Length of a feature vector, and whether it is the mean of the feature map."""
    with torch.inference_mode():
        spatial = network.forward_features(torch.rand(1, 3, size, size))
        features = network.forward_head(spatial, pre_logits=True)
    has_map = spatial.ndim == 4 and spatial.shape[1] == features.shape[1]
    if has_map:
        has_map = bool((spatial.mean(dim=(2, 3)) - features).abs().max() < MAP_TOLERANCE)
    return int(features.shape[1]), has_map


class FeatureNetwork(nn.Module):
    """A backbone as a graph has it: uint8 images, (N, S, S, 3), RGB, in; features, (N, F), and their map out."""

    network: Any
    mean: Tensor
    deviation: Tensor

    def __init__(self, backbone: Backbone, *, normalised_first: bool = False) -> None:
        """`normalised_first`: inputs are scaled twice, the mistake that a study measures."""
        super().__init__()
        self.normalised_first = normalised_first
        self.network = backbone.network
        self.has_map = backbone.info.has_map
        self.register_buffer("mean", 255 * torch.tensor(backbone.info.mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer(
            "deviation", 255 * torch.tensor(backbone.info.deviation).view(1, 3, 1, 1), persistent=False
        )

    def forward(self, images: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """uint8, (N, S, S, 3) → float32, (N, F), and where the backbone has one the map, float32, (N, h, w, F)."""
        inputs = images.permute(0, 3, 1, 2).float()  # (N, 3, S, S)
        if self.normalised_first:
            inputs = (inputs - self.mean) / self.deviation
        spatial = self.network.forward_features((inputs - self.mean) / self.deviation)
        if self.has_map:
            return spatial.mean(dim=(2, 3)), spatial.permute(0, 2, 3, 1)
        features: Tensor = self.network.forward_head(spatial, pre_logits=True)
        return features
