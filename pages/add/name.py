"""Add data: the name of the data set."""

import re
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.add.files import SourceFile
from pages.widgets.markdown import literal
from wildcam.data.catalog import check_free, check_name
from wildcam.errors import UsageError
from wildcam.settings import load_settings

GENERIC_NAMES = {
    "metadata",
    "labels",
    "annotations",
    "images",
    "photos",
    "train",
    "data",
    "index",
    "media",
}
"""File names that do not identify a data set; the folder's name is suggested instead."""

LONGEST = 48


@dataclass(frozen=True)
class DatasetName:
    """A valid name, and whether it replaces a data set of that name."""

    name: str
    replace: bool = False


def choose_name(source: SourceFile) -> DatasetName | None:
    """Draw the name field with a suggestion; None while its text cannot be used."""
    datasets_dir = load_settings().datasets_dir
    name = st.text_input(
        "Name of the data set",
        suggest_name(source, datasets_dir),
        key=f"add_name_{source.path}",
        help="Letters, digits, '.', '_' and '-'.",
    ).strip()
    try:
        check_name(name)
    except UsageError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return None
    if _is_free(datasets_dir, name):
        return DatasetName(name)
    if st.checkbox("Replace the data set of this name", key=f"add_replace_{name}"):
        return DatasetName(name, replace=True)
    st.warning(f"A data set named {literal(name)} exists: choose another name, or replace it.", icon=":material/label:")
    return None


def suggest_name(source: SourceFile, datasets_dir: Path) -> str:
    """An unused name made from that of the source."""
    name = source.name if source.path.is_dir() and not source.staged else Path(source.name).stem
    if name.lower() in GENERIC_NAMES and not source.staged:
        name = source.path.parent.name
    name = re.sub(r"[._-]*[^A-Za-z0-9._-][^A-Za-z0-9]*", "-", name).lstrip("._-")[:LONGEST].rstrip("._-") or "my-data"
    names = (name, *(f"{name}-{number}" for number in range(2, 1000)))
    return next((name for name in names if _is_free(datasets_dir, name)), name)


def _is_free(datasets_dir: Path, name: str) -> bool:
    try:
        check_free(datasets_dir, name)
    except UsageError:
        return False
    return True
