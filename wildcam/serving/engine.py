"""What runs a graph: ONNX Runtime on a CUDA device where there is one, OpenVINO on the CPU elsewhere."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from openvino import Core  # type: ignore[attr-defined]

Engine = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Images, uint8 (N, S, S, 3), to the graph's first output. May be called from several threads."""

CUDA = "CUDAExecutionProvider"


def inputs_of(graph_path: Path) -> list[str]:
    """Name, type and shape of what a graph takes: `images u8 [?,224,224,3]`. Raises `RuntimeError` if it is none."""
    inputs = Core().read_model(graph_path).inputs
    return [f"{port.any_name} {port.element_type.get_type_name()} {port.partial_shape}" for port in inputs]


def open_engine(graph_path: Path) -> Engine:
    """The fastest engine of this machine, in full precision: less would be faster, and change some verdicts."""
    if shutil.which("nvidia-smi"):
        from onnxruntime import get_available_providers  # type: ignore[attr-defined]  # 46 MB, of use only here

        if CUDA in get_available_providers():
            return with_onnx_runtime(graph_path, CUDA, {"use_tf32": 0})
    return with_openvino(graph_path)


def with_openvino(graph_path: Path) -> Engine:
    """The graph on the CPU. Raises `RuntimeError` for one that OpenVINO cannot run."""
    request = Core().compile_model(graph_path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    guard = threading.Lock()  # one request cannot serve two threads at once

    def run(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        with guard:
            return np.array(request.infer({0: images})[0])  # a copy: the request reuses its memory

    return run


def with_onnx_runtime(graph_path: Path, provider: str, options: dict[str, int]) -> Engine:
    """The graph on the device of an ONNX Runtime provider; operators that it lacks run on the CPU."""
    from onnxruntime import InferenceSession  # type: ignore[attr-defined]

    session = InferenceSession(graph_path, providers=[(provider, options)])
    name = session.get_inputs()[0].name

    def run(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {name: images})[0])

    return run
