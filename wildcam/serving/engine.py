"""What runs a graph: ONNX Runtime on a CUDA device where there is one, OpenVINO on the CPU elsewhere."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openvino import Core  # type: ignore[attr-defined]

Engine = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Images, uint8 (N, S, S, 3), to the graph's first output. May be called from several threads."""

CUDA = "CUDAExecutionProvider"

MOST_STREAMS = 8
"""Each holds buffers of its own."""

IMAGES_A_REQUEST = 4
"""More gain nothing on a CPU and cost memory."""


def inputs_of(graph_path: Path) -> list[str]:
    """Name, type and shape of what a graph takes: `images u8 [?,224,224,3]`. Raises `RuntimeError` if it is none."""
    inputs = Core().read_model(graph_path).inputs
    return [f"{port.any_name} {port.element_type.get_type_name()} {port.partial_shape}" for port in inputs]


def open_engine(graph_path: Path, *, bfloat16: bool = False) -> Engine:
    """The fastest engine of this machine; `bfloat16` where it hardly changes the model's answers."""
    if shutil.which("nvidia-smi"):
        from onnxruntime import get_available_providers  # type: ignore[attr-defined]  # 46 MB, of use only here

        if CUDA in get_available_providers():
            return with_onnx_runtime(graph_path, CUDA, {"use_tf32": 0})
    return with_openvino(graph_path, bfloat16=bfloat16 and has_bfloat16())


def has_bfloat16() -> bool:
    """Whether the processor computes in bfloat16, about twice as fast as in float32."""
    return "BF16" in Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def with_openvino(graph_path: Path, *, bfloat16: bool = False) -> Engine:
    """The graph on the CPU. Raises `RuntimeError` for one that OpenVINO cannot run.

    Images are distributed over streams of one thread each, so that callers in several threads share the cores and a
    single caller has all of them.
    """
    streams = min(os.cpu_count() or 1, MOST_STREAMS)
    compiled = Core().compile_model(
        graph_path,
        "CPU",
        {
            "INFERENCE_PRECISION_HINT": "bf16" if bfloat16 else "f32",
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": streams,
        },
    )
    free: list[Any] = []  # infer requests that no call uses

    def take() -> Any:
        try:
            return free.pop()
        except IndexError:
            return compiled.create_infer_request()

    def run(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        size = min(IMAGES_A_REQUEST, -(-len(images) // streams))
        parts = [images[start : start + size] for start in range(0, len(images), size)]
        requests = [take() for _ in parts]
        for request, part in zip(requests, parts, strict=True):
            request.start_async({0: part})
        answers = []
        for request in requests:
            request.wait()
            answers.append(np.array(request.get_output_tensor(0).data))  # a copy: the request reuses its memory
        free.extend(requests)  # not after a failure: some may still be at work
        return np.concatenate(answers)

    return run


def with_onnx_runtime(graph_path: Path, provider: str, options: dict[str, int]) -> Engine:
    """The graph on the device of an ONNX Runtime provider; operators that it lacks run on the CPU."""
    from onnxruntime import InferenceSession  # type: ignore[attr-defined]

    session = InferenceSession(graph_path, providers=[(provider, options)])
    name = session.get_inputs()[0].name

    def run(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {name: images})[0])

    return run
