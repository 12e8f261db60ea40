"""Why a run that ended early cannot go on: what it computes on is gone."""

from collections.abc import Mapping
from pathlib import Path

from wildcam.settings import Settings


def find_obstacle(params: Mapping[str, str], settings: Settings) -> str:
    """One sentence where the data set, the folder or the list of a run's parameters is gone; else empty."""
    if dataset := params.get("dataset", ""):
        if not (settings.datasets_dir / dataset / "dataset.json").is_file():
            return f"Its data set {dataset} was deleted: import it again under that name to resume."
        return ""
    for name, title in (("folder", "folder"), ("listing", "list of files")):
        if (path := params.get(name, "")) and not Path(path).exists():
            return f"Its {title} {path} is gone: put it back to resume."
    return ""
