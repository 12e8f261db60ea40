"""Weights of a graph stored in half precision: a file half as large, computed with in float32 as before."""

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

LEAST_VALUES = 1024
"""Tensors of fewer values stay float32: they weigh nothing, and biases and scales are the most sensitive."""


def store_half(model: ModelProto) -> None:
    """Large float32 tensors as float16, each with a cast to float32 before its use."""
    graph, casts = model.graph, []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < LEAST_VALUES:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
