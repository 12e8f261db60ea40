"""The ONNX graph of a frozen backbone: exported once, checked against torch, kept for all runs."""

import hashlib
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from wildcam import atomic
from wildcam.architectures.backbone_info import BackboneInfo
from wildcam.architectures.packaged_weights import PACKAGED_WEIGHTS
from wildcam.errors import BundleError
from wildcam.serving.engine import Engine, open_engine
from wildcam.training.probe_backend.half_precision import store_half
from wildcam.training.recipe import InputScaling, Recipe, Weights

OPSET = 17
PARITY_LIMIT = 1e-2
"""Largest difference of a feature between torch and the engine that is accepted; features are of the order of 1."""

HALF_PARITY_LIMIT = 5e-2
"""The same once the weights are stored in half precision."""

_LAYOUT = 2  # another number for another graph of the same backbone


class BackboneCard(BaseModel):
    """What is kept beside the graph: `backbone.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    info: BackboneInfo
    image_size: int
    parity: float  # largest difference of a feature between torch and the engine
    normalised_first: bool = False  # whether its inputs are scaled twice


@dataclass(frozen=True)
class BackboneGraph:
    """Images, uint8 (N, S, S, 3), to `features`, float32 (N, F), and where there is one to `map`, (N, h, w, F)."""

    path: Path
    card: BackboneCard

    @property
    def identity(self) -> str:
        """Differs wherever the features of one image may."""
        info = self.card.info
        twice = " normalised" * self.card.normalised_first
        return f"{_LAYOUT} {info.architecture} {info.sha256 or 'random'} {self.card.image_size}{twice}"

    def open(self) -> Engine:
        """The engine that computes features, in float32."""
        return open_engine(self.path)


def backbone_graph(
    folder: Path,
    architecture: str,
    image_size: int,
    *,
    weights_path: Path | None = None,
    pretrained: bool = True,
    normalised_first: bool = False,
    seed: int = 0,
    phase: Callable[[str], None] = lambda text: None,
) -> BackboneGraph:
    """The graph from `folder`, made where it is not there yet. Loads torch only to make it."""
    place = folder / (
        _place(architecture, image_size, weights_path, pretrained, seed) + "-normalised" * normalised_first
    )
    card_path, graph_path = place / "backbone.json", place / "backbone.onnx"
    if card_path.is_file() and graph_path.is_file():
        try:
            return BackboneGraph(graph_path, BackboneCard.model_validate_json(card_path.read_bytes()))
        except ValueError:
            pass  # half of another version's: it is made anew
    phase("exporting the backbone")
    _export(place, architecture, image_size, weights_path, pretrained, normalised_first, seed)
    return BackboneGraph(graph_path, BackboneCard.model_validate_json(card_path.read_bytes()))


def backbone_of(recipe: Recipe, downloads_dir: Path, phase: Callable[[str], None] = lambda text: None) -> BackboneGraph:
    """The backbone of a recipe, made where it is not there yet."""
    return backbone_graph(
        downloads_dir / "backbones",
        recipe.backbone,
        recipe.image_size,
        weights_path=Path(recipe.backbone_file) if recipe.backbone_file else None,
        pretrained=recipe.weights is Weights.IMAGENET,
        normalised_first=recipe.input_scaling is InputScaling.NORMALISED,
        seed=recipe.seed,
        phase=phase,
    )


def _place(architecture: str, image_size: int, weights_path: Path | None, pretrained: bool, seed: int) -> str:
    """A folder of its own for every backbone: by the weights' content where they are a file."""
    if not pretrained:
        weights = f"random {seed}"
    elif weights_path is not None and weights_path.is_file():
        found = weights_path.stat()
        weights = f"{weights_path.resolve()} {found.st_size} {found.st_mtime_ns}"
    else:
        packaged = PACKAGED_WEIGHTS.get(architecture)
        weights = packaged.sha256 if packaged else "hub"
    digest = hashlib.blake2b(f"{_LAYOUT} {architecture} {image_size} {weights}".encode(), digest_size=8).hexdigest()
    return f"{architecture.replace('/', '_')}-{digest}"


def _export(
    place: Path,
    architecture: str,
    image_size: int,
    weights_path: Path | None,
    pretrained: bool,
    normalised_first: bool,
    seed: int,
) -> None:
    import torch  # seconds of start-up, of use here only

    from wildcam.architectures.backbones import FeatureNetwork, load_backbone

    torch.manual_seed(seed)
    backbone = load_backbone(architecture, weights_path=weights_path, pretrained=pretrained)
    network = FeatureNetwork(backbone, normalised_first=normalised_first).eval()
    outputs = ["features", "map"] if backbone.info.has_map else ["features"]
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (2, image_size, image_size, 3), dtype=np.uint8)
    with torch.inference_mode():
        try:
            result = network(torch.from_numpy(images))
        except (RuntimeError, AssertionError) as error:
            raise BundleError(
                f"{architecture} does not take images of {image_size} px: {str(error).splitlines()[0]}. "
                f"It was pretrained at {backbone.info.image_size} px."
            ) from error
    expected = (result[0] if isinstance(result, tuple) else result).numpy()
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        # torch's newer exporter takes a minute for what this one does in seconds, and gives the same graph.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", category=UserWarning, module="torch")
        raw = Path(scratch) / "backbone.onnx"
        torch.onnx.export(
            network,
            (torch.from_numpy(images),),
            raw,
            input_names=["images"],
            output_names=outputs,
            dynamic_axes={name: {0: "N"} for name in ("images", *outputs)},
            opset_version=OPSET,
            dynamo=False,
        )
        model = onnx.load(raw)
        onnx.checker.check_model(model)
        _check_parity(raw, images, expected, PARITY_LIMIT, architecture)
        # Before any feature is computed: rounded afterwards, the model that serves would not be the one that learned.
        store_half(model)
        onnx.save(model, raw)
        parity = _check_parity(raw, images, expected, HALF_PARITY_LIMIT, architecture)
        place.parent.mkdir(parents=True, exist_ok=True)
        with atomic.new_folder(place) as folder:
            (folder / "backbone.onnx").write_bytes(raw.read_bytes())
            atomic.write_json(
                folder / "backbone.json",
                BackboneCard(
                    info=backbone.info, image_size=image_size, parity=parity, normalised_first=normalised_first
                ),
            )


def _check_parity(
    graph: Path, images: NDArray[np.uint8], expected: NDArray[np.float32], limit: float, architecture: str
) -> float:
    """The largest difference of a feature between torch and the engine. Raises `BundleError` above the limit."""
    parity = float(np.abs(open_engine(graph)(images) - expected).max())
    if not parity < limit:
        raise BundleError(f"The exported graph of {architecture} differs from torch by {parity:.2g}.")
    return parity
