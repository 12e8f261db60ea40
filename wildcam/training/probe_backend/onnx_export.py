"""One ONNX graph of a backbone and a linear head: pixels in, probabilities and the evidence map out."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from wildcam.atomic import write_bytes
from wildcam.serving.classifier import EVIDENCE
from wildcam.training.probe_backend.backbone_graph import BackboneGraph
from wildcam.training.probe_backend.head import LinearHead


def write_onnx(backbone: BackboneGraph, head: LinearHead, path: Path) -> None:
    """`images` uint8 (N, S, S, 3) → `probabilities` float32 (N, C); with a feature map also `evidence` (N, h, w, C).

    The class activation map (Zhou et al. 2016) is exact here: the mean of `evidence` over the map is the logit.
    The backbone's weights stay as its graph has them, so that the answers are those that the head learned from.
    The file is complete or not written at all.
    """
    model = onnx.load(backbone.path)
    graph, classes = model.graph, len(head.bias)
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.ascontiguousarray(head.weights), "head.weights"),
            numpy_helper.from_array(head.bias, "head.bias"),
        ]
    )
    graph.node.extend(
        [
            helper.make_node("Gemm", ["features", "head.weights", "head.bias"], ["logits"]),
            helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        ]
    )
    outputs = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", classes])]
    if backbone.card.info.has_map:
        graph.node.extend(
            [
                helper.make_node("MatMul", ["map", "head.weights"], ["evidence.weighted"]),
                helper.make_node("Add", ["evidence.weighted", "head.bias"], [EVIDENCE]),
            ]
        )
        outputs.append(helper.make_tensor_value_info(EVIDENCE, TensorProto.FLOAT, ["N", "h", "w", classes]))
    del graph.output[:]
    graph.output.extend(outputs)
    onnx.checker.check_model(model)
    write_bytes(path, model.SerializeToString())
