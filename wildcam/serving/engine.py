"""What runs a graph: ONNX Runtime on a CUDA device where there is one, OpenVINO on the CPU elsewhere."""

import os
import shutil
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from openvino import Core, Model  # type: ignore[attr-defined]

Outputs = tuple[NDArray[np.float32], ...]


class Engine(Protocol):
    """A graph, ready to run. May be called from several threads."""

    names: tuple[str, ...]
    """Of its outputs, in their order."""

    def __call__(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Images, uint8 (N, S, S, 3), to the graph's first output."""

    def all(self, images: NDArray[np.uint8]) -> Outputs:
        """Images, uint8 (N, S, S, 3), to all outputs, in the order of `names`."""


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
    if has_cuda():
        return with_onnx_runtime(graph_path, CUDA, {"use_tf32": 0})
    return with_openvino(graph_path, bfloat16=bfloat16 and has_bfloat16())


def has_cuda() -> bool:
    """Whether graphs run on a CUDA device."""
    if not shutil.which("nvidia-smi"):
        return False
    from onnxruntime import get_available_providers  # type: ignore[attr-defined]  # 46 MB, of use only here

    return CUDA in get_available_providers()


def has_bfloat16() -> bool:
    """Whether the processor computes in bfloat16, about twice as fast as in float32."""
    return "BF16" in Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def with_openvino(graph: Path | Model, *, bfloat16: bool = False) -> Engine:
    """The graph on the CPU. Raises `RuntimeError` for one that OpenVINO cannot run.

    Images are distributed over streams of one thread each, so that callers in several threads share the cores and a
    single caller has all of them.
    """
    streams = min(os.cpu_count() or 1, MOST_STREAMS)
    compiled = Core().compile_model(
        graph,
        "CPU",
        {
            "INFERENCE_PRECISION_HINT": "bf16" if bfloat16 else "f32",
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": streams,
        },
    )
    return _OpenVino(compiled, streams)


class _OpenVino:
    def __init__(self, compiled: Any, streams: int) -> None:
        self.names = tuple(port.any_name for port in compiled.outputs)
        self._compiled, self._streams = compiled, streams
        self._free: list[Any] = []  # infer requests that no call uses

    def __call__(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return self._run(images, 1)[0]

    def all(self, images: NDArray[np.uint8]) -> Outputs:
        return self._run(images, len(self.names))

    def _run(self, images: NDArray[np.uint8], outputs: int) -> Outputs:
        size = min(IMAGES_A_REQUEST, -(-len(images) // self._streams))
        parts = [images[start : start + size] for start in range(0, len(images), size)]
        requests = [self._take() for _ in parts]
        for request, part in zip(requests, parts, strict=True):
            request.start_async({0: part})
        answers: list[list[NDArray[np.float32]]] = [[] for _ in range(outputs)]
        for request in requests:
            request.wait()
            for number, own in enumerate(answers):
                own.append(np.array(request.get_output_tensor(number).data))  # a copy: the request reuses its memory
        self._free.extend(requests)  # not after a failure: some may still be at work
        return tuple(np.concatenate(own) for own in answers)

    def _take(self) -> Any:
        try:
            return self._free.pop()
        except IndexError:
            return self._compiled.create_infer_request()


def with_onnx_runtime(graph_path: Path, provider: str, options: dict[str, int]) -> Engine:
    """The graph on the device of an ONNX Runtime provider; operators that it lacks run on the CPU."""
    from onnxruntime import InferenceSession  # type: ignore[attr-defined]

    return _OnnxRuntime(InferenceSession(graph_path, providers=[(provider, options)]))


class _OnnxRuntime:
    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        self.names = tuple(output.name for output in session.get_outputs())

    def __call__(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(self._session.run(self.names[:1], {self._input: images})[0])

    def all(self, images: NDArray[np.uint8]) -> Outputs:
        return tuple(self._session.run(None, {self._input: images}))
