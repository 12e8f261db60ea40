"""The format of a source, recognised by its content and never by its name alone."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from wildcam.data.importers import iwildcam2020, wildlife_insights
from wildcam.data.importers.camtrap_package import TABLES, lies_in_folder, lies_in_zip, lists_media
from wildcam.data.importers.column_guess import guess_columns
from wildcam.data.importers.json_file import read_json
from wildcam.data.importers.packed import is_zip, other_archive
from wildcam.data.importers.text_table import head_bytes, read_header
from wildcam.data.photo_walk import PhotoWalk
from wildcam.errors import DataError

KNOWN = (
    "iWildCam 2020 JSON, WILDS metadata.csv, COCO Camera Traps JSON, a Camtrap DP or a Wildlife Insights download "
    "(folder or zip), "
    "a CSV with a column of file names, or a folder of photos"
)

TABLE_NAMES = [f"{table}.csv" for table in TABLES]
"""File names of a package's tables: each of them alone is an ordinary CSV."""

WILDS_COLUMNS = {"split", "y", "location_remapped", "filename", "image_id"}


def recognise(source: Path) -> str:
    """The importer's name for a source. Raises `DataError` with the known formats where none matches."""
    if source.is_dir():
        return _folder(source)
    head = head_bytes(source)
    if sentence := other_archive(head, source.name):
        raise DataError(sentence)
    if is_zip(head):
        if lies_in_zip(source):
            return "camtrap_dp"
        if wildlife_insights.lies_in(source):
            return "wildlife_insights"
        raise DataError(f"{source.name} is a zip: unpack it and import the folder or the metadata file in it.")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _json(source)
    return _table(source)


def _folder(source: Path) -> str:
    try:
        with os.scandir(source) as entries:
            names = {entry.name for entry in entries if entry.is_file()}
    except OSError as error:
        raise DataError(
            f"{source} cannot be listed ({error.strerror}): check the drive and the permissions."
        ) from error
    if iwildcam2020.TRAIN_NAME in names:
        return "iwildcam2020"
    if "metadata.csv" in names and _is_wilds(read_header(source / "metadata.csv")):
        return "wilds"
    if lies_in_folder(source):
        return "camtrap_dp"
    if wildlife_insights.lies_in(source):
        return "wildlife_insights"
    walk = PhotoWalk(source)
    if next(iter(walk), None) is None:
        walk.check_complete()
        raise DataError(f"{source} has neither photos nor known metadata: expected {KNOWN}.")
    return "folders"


def _json(source: Path) -> str:
    parts = read_json(source, dict[str, msgspec.Raw], KNOWN)
    if "resources" in parts and lists_media(bytes(msgspec.json.encode(parts)), source.name):
        return "camtrap_dp"
    if "images" in parts and ("categories" in parts or "annotations" in parts):
        info = bytes(parts.get("info", b"")).lower().replace(b" ", b"")
        named = source.name.lower().startswith("iwildcam2020")
        return "iwildcam2020" if named or b"iwildcam2020" in info else "coco"
    if "images" in parts and "detection_categories" in parts:
        raise DataError(
            f"{source.name} is a detector's result, not a data set: "
            "import its data set and give this file as the detector results."
        )
    if "predictions" in parts:
        raise DataError(
            f"{source.name} is SpeciesNet's predictions, not a data set: "
            "import its data set and give this file as the detector results."
        )
    raise DataError(f"{source.name} is JSON of no known kind: expected {KNOWN}.")


def _table(source: Path) -> str:
    try:
        header = read_header(source)
        if _is_wilds(header):
            return "wilds"
        if "deploymentID" in header and source.name in TABLE_NAMES and lies_in_folder(source.parent):
            return "camtrap_dp"
        if wildlife_insights.is_images_table(header):
            return "wildlife_insights"
        guess_columns(header, None, source.name)
    except DataError as error:
        raise DataError(f"{error} Supported formats: {KNOWN}.") from error
    return "csv"


def _is_wilds(header: Sequence[str]) -> bool:
    return set(header) >= WILDS_COLUMNS
