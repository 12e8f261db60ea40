"""A model that can be served: `models/<name>/model.onnx` and its card `model.json`."""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path

from pydantic import ValidationError

from wildcam import atomic
from wildcam.architectures.presets import Task
from wildcam.changed import changed
from wildcam.data.catalog import check_name
from wildcam.errors import BundleError, UsageError, one_of
from wildcam.serving.card import ModelCard
from wildcam.settings import Settings


@dataclass(frozen=True)
class Bundle:
    """A bundle on disk whose card was read; the graph's hash is checked by `verify`."""

    card: ModelCard
    folder: Path

    @property
    def name(self) -> str:
        """The folder's name: the name of the model."""
        return self.folder.name

    @property
    def graph_path(self) -> Path:
        """The ONNX graph."""
        return self.folder / "model.onnx"


def list_bundles(models_dir: Path, *tasks: Task) -> list[Bundle]:
    """Every readable bundle (of these tasks), by name; a damaged one is left out (`open_bundle` says why)."""
    found = []
    for name in _names(models_dir):
        try:
            found.append(open_bundle(models_dir, name))
        except (BundleError, UsageError):  # damaged, or removed meanwhile
            continue
    return [bundle for bundle in found if not tasks or bundle.card.task in tasks]


def open_bundle(models_dir: Path, name: str) -> Bundle:
    """Read a bundle's card. Raises `UsageError` for an unknown name, `BundleError` for a damaged one."""
    if name not in _names(models_dir):
        raise one_of("model", name, _names(models_dir))
    return _read(models_dir / name)


def verify(bundle: Bundle) -> None:
    """Raise `BundleError` unless the graph is the one that the card was written for."""
    found = sha256(bundle.graph_path)
    if found != bundle.card.sha256:
        raise BundleError(
            f"Model {bundle.name!r} is not the one on its card: model.onnx has the hash {found[:12]}…, "
            f"expected {bundle.card.sha256[:12]}…. Promote it again or restore the file."
        )


def write_bundle(folder: Path, graph_path: Path, card: ModelCard, *, replace: bool = False) -> Bundle:
    """Put graph and card into `folder`, complete or not at all. The card's name and hash are those of folder and graph.

    Raises `UsageError` for a name that cannot be one, or is taken.
    """
    check_name(folder.name)
    if folder.exists() and not replace:
        raise UsageError(f"A model named {folder.name!r} exists. Choose another name, or replace it with --replace.")
    with atomic.new_folder(folder) as new:
        shutil.copyfile(graph_path, new / "model.onnx")
        complete = changed(card, name=folder.name, sha256=sha256(new / "model.onnx"))
        atomic.write_json(new / "model.json", complete)
    return Bundle(complete, folder)


def promote(run_bundle: Path, models_dir: Path, name: str, *, replace: bool = False) -> Bundle:
    """Promote a run's model: copy `runs/<id>/bundle` to `models/<name>`, complete or not at all.

    Raises `BundleError` where the run left no bundle or a damaged one, `UsageError` for a bad or taken name.
    """
    bundle = open_run_bundle(run_bundle)
    verify(bundle)
    return write_bundle(models_dir / name, bundle.graph_path, bundle.card, replace=replace)


def open_run_bundle(run_bundle: Path) -> Bundle:
    """The bundle of a run, `runs/<id>/bundle`. Raises `BundleError` where it left none or a damaged one."""
    if not (run_bundle / "model.json").is_file():
        raise BundleError(
            f"Run {run_bundle.parent.name} has no model yet: it exports one at its end, after at least one epoch."
        )
    return _read(run_bundle)


def choose_pair(models_dir: Path, empty: str | None = None, species: str | None = None) -> tuple[Bundle, Bundle]:
    """The models of stage 1 and stage 2, by name; the default where a name is missing.

    The default is a model of whole images before one of crops, the pair that was trained on one data set before a
    mixed one, real before demo, then the newest species model with the newest stage-1 model.
    Raises `BundleError` where a stage has no model.
    """
    first = [open_bundle(models_dir, empty)] if empty else list_bundles(models_dir, Task.EMPTY)
    second = [open_bundle(models_dir, species)] if species else list_bundles(models_dir, Task.SPECIES, Task.ALL)
    if not first or not second:
        missing = "predicts empty or animal" if not first else "predicts species"
        raise BundleError(f"No model in {models_dir} {missing}. Train one and promote it.")
    return max(product(first, second), key=lambda pair: _preference(*pair))


def default_pair(settings: Settings, empty: str | None = None, species: str | None = None) -> tuple[Bundle, Bundle]:
    """What `choose_pair` chooses; where neither stage is named, those that the settings name."""
    if not (empty or species):
        empty, species = settings.empty_model or None, settings.species_model or None
    return choose_pair(settings.models, empty, species)


def demo_pair(models_dir: Path) -> tuple[Bundle, Bundle] | None:
    """The newest models of both stages that were trained on drawn photos; None where there are none."""
    first = [bundle for bundle in list_bundles(models_dir, Task.EMPTY) if bundle.card.is_demo]
    second = [bundle for bundle in list_bundles(models_dir, Task.SPECIES, Task.ALL) if bundle.card.is_demo]
    if not first or not second:
        return None
    return max(product(first, second), key=lambda pair: _preference(*pair))


def _preference(empty: Bundle, species: Bundle) -> tuple[bool, bool, bool, datetime, datetime]:
    return (
        not species.card.crops,  # without a detector there are no crops
        empty.card.dataset == species.card.dataset,
        not (empty.card.is_demo or species.card.is_demo),
        species.card.created_at,
        empty.card.created_at,
    )


def sha256(path: Path) -> str:
    """The hash of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _names(models_dir: Path) -> list[str]:
    return sorted(path.parent.name for path in models_dir.glob("[!.]*/model.json"))  # dots: not yet complete


def _read(folder: Path) -> Bundle:
    try:
        card = ModelCard.model_validate_json((folder / "model.json").read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        rule = str(first["msg"]).removeprefix("Value error, ")
        raise BundleError(
            f"The card of model {folder.name!r} is damaged at {where}: {rule}. Promote it again."
        ) from error
    except OSError as error:
        raise BundleError(f"The card of model {folder.name!r} cannot be read: {error.strerror}.") from error
    if not (folder / "model.onnx").is_file():
        raise BundleError(f"Model {folder.name!r} has no model.onnx beside its card. Promote it again.")
    return Bundle(card, folder)
