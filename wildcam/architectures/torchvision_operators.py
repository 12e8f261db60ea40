"""Lets torchvision be imported beside a CPU build of torch: import this module before it.

PyPI's torchvision is built for the CUDA build of torch. Beside another build its compiled operators do not load, and
`import torchvision` fails with "operator torchvision::nms does not exist". The import only wants to describe two
operators: declaring them is enough, as nothing here calls them.
"""

from importlib.machinery import PathFinder
from importlib.util import find_spec

import torch

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


def compiled_operators_load() -> bool:
    """Whether torchvision's compiled library fits this torch; finds it without importing torchvision."""
    package = find_spec("torchvision")
    library = PathFinder.find_spec("_C", package.submodule_search_locations) if package else None
    if library is None or library.origin is None:
        return False
    try:
        torch.ops.load_library(library.origin)
    except OSError:
        return False
    return True


def _declare(schemas: tuple[str, ...]) -> torch.library.Library:
    library = torch.library.Library("torchvision", "DEF")
    for schema in schemas:
        library.define(schema)
    return library


# The declarations last as long as the object that holds them.
_declared = None if compiled_operators_load() else _declare(_SCHEMAS)
