"""Two graphs as one, where they share their backbone: a two-stage verdict then costs one forward pass a view."""

import hashlib
from pathlib import Path
from typing import Any

from openvino import Core, Model  # type: ignore[attr-defined]

LEAST_SHARED = 0.5
"""Share of the second graph's weights that the first must hold, too: below, one graph would gain nothing."""

Key = tuple[Any, ...]


def join(first: Path, second: Path) -> Model | None:
    """One graph with the outputs of both, in their order; None where they share too little.

    Operations are the same where type, attributes and inputs are, constants where their bytes are. So what is shared
    is found in the graphs themselves, and each output is computed by the very operations of its own graph.
    """
    core = Core()
    base, other = core.read_model(first), core.read_model(second)
    known: dict[Key, Any] = {}
    _walk(base, known, {})
    twins: dict[str, Any] = {}
    shared, total = _walk(other, dict(known), twins)
    if not total or shared / total < LEAST_SHARED:
        return None
    _rewire(other, twins)
    results = [*base.get_results(), *other.get_results()]
    return Model(results, base.get_parameters(), "both stages")


def _walk(model: Model, known: dict[Key, Any], twins: dict[str, Any]) -> tuple[int, int]:
    """Fill `twins`: operations of the model, by name, with the same one in `known`. Others are added to `known`.

    Returns the bytes of the constants that have a twin, and of all.
    """
    keys: dict[str, Key] = {}
    shared = total = 0
    for operation in model.get_ordered_ops():
        name, kind = operation.get_name(), operation.get_type_name()
        if kind == "Result":
            continue
        key = keys[name] = _key(operation, kind, keys)
        size = operation.data.nbytes if kind == "Constant" else 0
        total += size
        if key in known:
            twins[name] = known[key]
            shared += size
        else:
            known[key] = operation
    return shared, total


def _key(operation: Any, kind: str, keys: dict[str, Key]) -> Key:
    """The same for operations that compute the same; hashed, so that it does not grow with the graph."""
    if kind == "Constant":
        data = operation.data
        return kind, str(operation.get_element_type()), data.shape, hashlib.sha256(data.tobytes()).digest()
    sources = [
        (keys[port.get_source_output().get_node().get_name()], port.get_source_output().get_index())
        for port in operation.inputs()
    ]
    description = repr((kind, sorted(operation.get_attributes().items()), sources))
    return kind, hashlib.sha256(description.encode()).digest()


def _rewire(model: Model, twins: dict[str, Any]) -> None:
    """Let what has no twin take its inputs from the twins."""
    for operation in model.get_ordered_ops():
        if operation.get_name() in twins:
            continue
        for port in operation.inputs():
            source = port.get_source_output()
            if twin := twins.get(source.get_node().get_name()):
                port.replace_source_output(twin.output(source.get_index()))
