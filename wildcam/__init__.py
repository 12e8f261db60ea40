"""WildCam: explore, train, identify and evaluate with camera-trap classifiers.

    import wildcam

    model = wildcam.load("demo")
    for verdict in model.classify(["IMG_0001.JPG", "IMG_0002.JPG"]):
        print(verdict.label, verdict.confidence)

Importing it is light: what a name needs is loaded when the name is first used.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcam.api import Model, list_datasets, list_runs, load, open_dataset, open_run

__version__ = "0.1.0"

__all__ = ["Model", "__version__", "list_datasets", "list_runs", "load", "open_dataset", "open_run"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from wildcam import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
