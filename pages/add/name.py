"""Add data: what to call the data set."""

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
"""Names of files that say nothing; the folder's name says more."""

LONGEST = 48


@dataclass(frozen=True)
class Name:
    """A name that can be used, and whether a data set of that name goes."""

    name: str
    replace: bool = False


def choose_name(source: SourceFile) -> Name | None:
    """Draw the name's field with a suggestion; None while what is in it cannot be used."""
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
        return Name(name)
    if st.checkbox("Replace the data set that has this name", key=f"add_replace_{name}"):
        return Name(name, replace=True)
    st.warning(f"A data set named {literal(name)} exists: choose another name, or replace it.", icon=":material/label:")
    return None


def suggest_name(source: SourceFile, datasets_dir: Path) -> str:
    """A free name made from that of the source."""
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
