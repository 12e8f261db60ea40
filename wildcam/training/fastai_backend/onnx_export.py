"""The ONNX graph of a fastai network, as a model bundle wants it."""

import tempfile
import warnings
from pathlib import Path

import onnx
import torch

from wildcam.architectures.fastai_models import Serving
from wildcam.atomic import write_bytes
from wildcam.serving.classifier import EVIDENCE

OPSET = 18


def write_onnx(serving: Serving, image_size: int, path: Path) -> None:
    """Write the serving model: `images` uint8 (N, S, S, 3) → `probabilities` float32 (N, C), N free.

    Where its map is exact also `evidence`, float32 (N, h, w, C).

    The file is complete or not written at all.
    """
    shape = (2, image_size, image_size, 3)  # a batch of one might be taken for the only size
    images = torch.zeros(shape, dtype=torch.uint8, device=serving.mean.device)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # torch's exporter uses what torch deprecates
        warnings.filterwarnings("ignore", r"`isinstance\(treespec, LeafSpec\)`", FutureWarning)
        raw = Path(folder) / "model.onnx"
        torch.onnx.export(
            serving.eval(),
            (images,),
            raw,
            input_names=["images"],
            output_names=["probabilities", EVIDENCE] if serving.has_evidence else ["probabilities"],
            dynamic_shapes=({0: torch.export.Dim("N")},),
            opset_version=OPSET,
            external_data=False,
            verbose=False,
        )
        model = onnx.load(raw)
    onnx.checker.check_model(model)
    write_bytes(path, model.SerializeToString())
