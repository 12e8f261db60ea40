"""The ONNX graph of a Keras model, as a model bundle wants it."""

import contextlib
import io
import tempfile
from pathlib import Path

import keras
import onnx

from wildcam.atomic import write_bytes

OPSET = 17
INPUT, OUTPUT = "images", "probabilities"


def write_onnx(serving: keras.Model, path: Path) -> None:
    """Write the serving model: `images` uint8 (N, S, S, 3) → `probabilities` float32 (N, C), N free.

    The file is complete or not written at all.
    """
    signature = keras.InputSpec(shape=(None, *serving.input_shape[1:]), dtype="uint8", name=INPUT)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "model.onnx"
        with contextlib.redirect_stdout(io.StringIO()):  # the exporter prints
            serving.export(raw, format="onnx", verbose=False, input_signature=[signature], opset_version=OPSET)
        model = onnx.load(raw)
    _name_ends(model.graph)
    onnx.checker.check_model(model)
    write_bytes(path, model.SerializeToString())


def _name_ends(graph: onnx.GraphProto) -> None:
    """Give input and output the bundle's names and a batch of any size."""
    if len(graph.input) != 1 or len(graph.output) != 1:
        found = [value.name for value in (*graph.input, *graph.output)]
        raise RuntimeError(f"The exported graph must have one input and one output; it has {', '.join(found)}.")
    for value, name in ((graph.input[0], INPUT), (graph.output[0], OUTPUT)):
        for node in graph.node:
            node.input[:] = [name if old == value.name else old for old in node.input]
            node.output[:] = [name if old == value.name else old for old in node.output]
        value.name = name
        value.type.tensor_type.shape.dim[0].Clear()
        value.type.tensor_type.shape.dim[0].dim_param = "N"
