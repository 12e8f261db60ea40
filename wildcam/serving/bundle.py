"""A model that can be served: `models/<name>/model.onnx` and its card `model.json`."""

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from pydantic import ValidationError

from wildcam import atomic
from wildcam.accounts.acting import permit
from wildcam.accounts.roles import Act
from wildcam.architectures.presets import Task
from wildcam.changed import changed
from wildcam.data.catalog import check_name
from wildcam.errors import BundleError, UsageError, one_of
from wildcam.serving.card import ModelCard
from wildcam.serving.default_pair import DefaultPair, is_damaged, read_default, write_default


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


ModelDirs = Path | Sequence[Path]
"""One folder of models, or several: the first that has a name counts, and only the first is written to."""


def list_bundles(models: ModelDirs, *tasks: Task) -> list[Bundle]:
    """Every readable bundle (of these tasks), by name; a damaged one is left out (`open_bundle` says why)."""
    found = []
    for name in _names(models):
        try:
            found.append(open_bundle(models, name))
        except (BundleError, UsageError):  # damaged, or removed meanwhile
            continue
    return [bundle for bundle in found if not tasks or bundle.card.task in tasks]


def damaged_models(models: ModelDirs) -> dict[str, str]:
    """What is wrong with every bundle that `list_bundles` leaves out because it is damaged: a sentence by its name."""
    sentences = {}
    for name in _names(models):
        try:
            open_bundle(models, name)
        except BundleError as error:
            sentences[name] = str(error)
        except UsageError:  # removed meanwhile
            continue
    return sentences


def open_bundle(models: ModelDirs, name: str) -> Bundle:
    """Read a bundle's card. Raises `UsageError` for an unknown name, `BundleError` for a damaged one."""
    return _read(bundle_folder(models, name))


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
    taken = UsageError(f"A model named {folder.name!r} exists. Choose another name, or replace it with --replace.")
    if folder.exists() and not replace:
        raise taken
    try:
        with atomic.new_folder(folder, replace=replace) as new:
            shutil.copyfile(graph_path, new / "model.onnx")
            complete = changed(card, name=folder.name, sha256=sha256(new / "model.onnx"))
            atomic.write_json(new / "model.json", complete)
    except FileExistsError:  # another promotion to this name was faster
        raise taken from None
    return Bundle(complete, folder)


def promote(run_bundle: Path, models: ModelDirs, name: str, *, replace: bool = False) -> Bundle:
    """Promote a run's model: copy `runs/<id>/bundle` to the first folder of models, complete or not at all.

    The default does not change (`set_default` does). Raises `BundleError` where the run left no bundle or a
    damaged one, `UsageError` for a bad or taken name, and for that of a model that came with WildCam.
    """
    permit(Act.PROMOTE, name)
    bundle = open_run_bundle(run_bundle)
    verify(bundle)
    own, *read_only = as_dirs(models)
    if any((folder / name / "model.json").is_file() for folder in read_only):
        raise UsageError(f"{name!r} is a model that came with WildCam and stays as it is: choose another name.")
    return write_bundle(own / name, bundle.graph_path, bundle.card, replace=replace)


def open_run_bundle(run_bundle: Path) -> Bundle:
    """The bundle of a run, `runs/<id>/bundle`. Raises `BundleError` where it left none or a damaged one."""
    if not (run_bundle / "model.json").is_file():
        raise BundleError(
            f"Run {run_bundle.parent.name} has no model yet: it exports one at its end, after at least one epoch."
        )
    return _read(run_bundle)


def choose_pair(models: ModelDirs, empty: str | None = None, species: str | None = None) -> tuple[Bundle, Bundle]:
    """The models of stage 1 and stage 2, by name; the default where a name is missing.

    The default is what `set_default` chose. Without a choice it is a model of whole images before one of crops, the
    pair that was trained on one data set before a mixed one, real before demo, one that came with WildCam before one
    that was promoted, then the oldest: a new model never becomes the default by itself. Where a chosen model is gone,
    `missing_default` says so.
    Raises `BundleError` where a stage has no model.
    """
    first = [open_bundle(models, empty)] if empty else list_bundles(models, Task.EMPTY)
    second = [open_bundle(models, species)] if species else list_bundles(models, Task.SPECIES, Task.ALL)
    if not first or not second:
        missing = "predicts empty or animal" if not first else "predicts species"
        raise BundleError(f"No model in {_described(models)} {missing}. Train one and promote it.")
    dirs = as_dirs(models)
    chosen = read_default(dirs[0])
    first = [bundle for bundle in first if bundle.name == (empty or chosen.empty)] or first
    second = [bundle for bundle in second if bundle.name == (species or chosen.species)] or second
    return max(product(first, second), key=lambda pair: _preference(pair[0], pair[1], dirs))


def set_default(models: ModelDirs, name: str) -> DefaultPair:
    """Choose a model for its stage; the other stage's choice stays. Raises `UsageError`, `BundleError`."""
    permit(Act.PROMOTE, name)
    own = as_dirs(models)[0]
    bundle, chosen = open_bundle(models, name), read_default(own)
    is_first = bundle.card.task is Task.EMPTY
    pair = DefaultPair(empty=name if is_first else chosen.empty, species=chosen.species if is_first else name)
    write_default(own, pair)
    return pair


def missing_default(models: ModelDirs) -> str:
    """A sentence where a model that was chosen as the default is gone, so that another answers; else empty."""
    if is_damaged(as_dirs(models)[0]):
        return "Which model is the default cannot be read any more: choose it again with `wildcam models default NAME`."
    chosen = read_default(as_dirs(models)[0])
    gone = [name for name in (chosen.empty, chosen.species) if name and name not in _names(models)]
    if not gone:
        return ""
    return (
        f"The default model {' and '.join(gone)} is not in {_described(models)} any more: another one answers. "
        "Choose one with `wildcam models default NAME`."
    )


def default_of(models: ModelDirs, task: Task) -> Bundle | None:
    """The default model of the stage that has this task; None where a stage has no model."""
    try:
        first, second = choose_pair(models)
    except (BundleError, UsageError):
        return None
    return first if task is Task.EMPTY else second


def demo_pair(models: ModelDirs) -> tuple[Bundle, Bundle] | None:
    """The models of both stages that were trained on drawn photos; None where there are none."""
    first = [bundle for bundle in list_bundles(models, Task.EMPTY) if bundle.card.is_demo]
    second = [bundle for bundle in list_bundles(models, Task.SPECIES, Task.ALL) if bundle.card.is_demo]
    if not first or not second:
        return None
    dirs = as_dirs(models)
    return max(product(first, second), key=lambda pair: _preference(pair[0], pair[1], dirs))


def pair_for(models: ModelDirs, *, drawn: bool) -> tuple[Bundle, Bundle]:
    """The default pair; of drawn photos, where nobody chose a default, the pair that knows them.

    Raises `BundleError` where a stage has no model.
    """
    chosen = read_default(as_dirs(models)[0])
    own = demo_pair(models) if drawn and not (chosen.empty or chosen.species) else None
    return own or choose_pair(models)


def as_dirs(models: ModelDirs) -> list[Path]:
    """The folders, the one that is written to first."""
    return [models] if isinstance(models, Path) else list(models)


def sha256(path: Path) -> str:
    """The hash of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _preference(empty: Bundle, species: Bundle, dirs: list[Path]) -> tuple[bool, bool, bool, int, float, float]:
    return (
        not species.card.crops,  # without a detector there are no crops
        empty.card.dataset == species.card.dataset,
        not (empty.card.is_demo or species.card.is_demo),
        dirs.index(empty.folder.parent) + dirs.index(species.folder.parent),
        -species.card.created_at.timestamp(),
        -empty.card.created_at.timestamp(),
    )


def _described(models: ModelDirs) -> str:
    return " and ".join(map(str, as_dirs(models)))


def bundle_folder(models: ModelDirs, name: str) -> Path:
    """Where a bundle lies, damaged or not. Raises `UsageError` for an unknown name."""
    folders = _names(models)
    if name not in folders:
        raise one_of("model", name, list(folders))
    return folders[name]


def _names(models: ModelDirs) -> dict[str, Path]:
    """The folder of each name, by name; dots begin what is not complete yet."""
    found: dict[str, Path] = {}
    for models_dir in as_dirs(models):
        for path in models_dir.glob("[!.]*/model.json"):
            found.setdefault(path.parent.name, path.parent)
    return dict(sorted(found.items()))


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
