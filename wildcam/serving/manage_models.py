"""Rename and delete models of one's own; those that came with WildCam stay as they are."""

import shutil

from wildcam.accounts.acting import permit
from wildcam.accounts.roles import Act
from wildcam.changed import changed
from wildcam.data.catalog import check_name
from wildcam.errors import UsageError
from wildcam.serving.bundle import (
    Bundle,
    ModelDirs,
    as_dirs,
    bundle_folder,
    list_bundles,
    open_bundle,
    write_bundle,
)
from wildcam.serving.default_pair import read_default, write_default


def is_own(models: ModelDirs, name: str) -> bool:
    """Whether a model lies in the folder that is written to. Raises `UsageError` for an unknown name."""
    return bundle_folder(models, name).parent == as_dirs(models)[0]


def rename_model(models: ModelDirs, name: str, new_name: str) -> Bundle:
    """Give a model of one's own another name; a default stays the default.

    Raises `UsageError` for a name that cannot be one or is taken, and for a model that came with WildCam; `BundleError`
    for a damaged one.
    """
    permit(Act.PROMOTE, f"{name} → {new_name}")
    check_name(new_name)
    _check_own(models, name)
    bundle = open_bundle(models, name)
    if any(other.name == new_name for other in list_bundles(models)):
        raise UsageError(f"A model named {new_name!r} exists. Choose another name.")
    renamed = write_bundle(bundle.folder.with_name(new_name), bundle.graph_path, bundle.card)
    _choose_in_place_of(models, name, new_name)
    shutil.rmtree(bundle.folder)
    return renamed


def delete_model(models: ModelDirs, name: str) -> None:
    """Delete a model of one's own, damaged or not; where it was the chosen default, no model is chosen any more.

    Raises `UsageError` for an unknown name, and for a model that came with WildCam.
    """
    permit(Act.DELETE_MODEL, name)
    _check_own(models, name)
    _choose_in_place_of(models, name, "")
    shutil.rmtree(bundle_folder(models, name))


def _check_own(models: ModelDirs, name: str) -> None:
    if not is_own(models, name):
        raise UsageError(f"{name!r} is a model that came with WildCam and stays as it is.")


def _choose_in_place_of(models: ModelDirs, name: str, other: str) -> None:
    own = as_dirs(models)[0]
    chosen = read_default(own)
    for stage in ("empty", "species"):
        if getattr(chosen, stage) == name:
            write_default(own, changed(chosen, **{stage: other}))
