"""The tables of a Camtrap DP, in a folder or in a zip that is read in place."""

import contextlib
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import pandas as pd

from wildcam.counting import counted
from wildcam.data.importers import cleaning
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.files import LEAVES_ROOT
from wildcam.data.importers.json_file import parse_json, read_bytes
from wildcam.data.importers.packed import gunzipped, is_zip, open_zip, read_member
from wildcam.data.importers.text_table import head_bytes, parse_table
from wildcam.data.photo_walk import IMAGE_SUFFIXES
from wildcam.data.species_names import SpeciesName, SpeciesNames
from wildcam.errors import DataError

DESCRIPTOR = "datapackage.json"
TABLES = ("deployments", "media", "observations")
OLDER_TABLES = {"media": "multimedia"}
MEDIA_TABLES = ("media", "multimedia")
OLDER_NAMES = {"multimediaid": "mediaid", "sequenceid": "eventid"}
"""What columns were called before version 1.0, without case and underscores."""

ENGLISH = ("eng", "en")
"""Codes of the language, of ISO 639-3 and as some write it."""

EXPECTED = f"a Camtrap DP: {DESCRIPTOR} with deployments.csv, media.csv and observations.csv next to it"


class Resource(msgspec.Struct):
    """A table of the package and the file or files that it lies in."""

    name: Any = None
    path: Any = None


class Descriptor(msgspec.Struct):
    """What `datapackage.json` says of the tables and of the taxa."""

    resources: list[Resource] = []
    taxonomic: Any = None


@dataclass(frozen=True)
class Package:
    """An opened package. `folder` is where the paths of its images start."""

    name: str
    folder: Path
    files: dict[str, tuple[str, ...]]  # the files of each table that is there
    images: tuple[str, ...]  # images that lie in the zip, where they are not read
    names: SpeciesNames  # common names beside the scientific ones, where the descriptor has them
    read_file: Callable[[str], bytes]

    def has(self, table: str) -> bool:
        """Whether the package holds a table."""
        return table in self.files

    def table(
        self,
        table: str,
        needed: tuple[str, ...],
        others: tuple[str, ...],
        remarks: Remarks,
        *,
        may_be_empty: bool = True,
    ) -> pd.DataFrame:
        """The named columns of a table, clean text; one of the `others` that is not there is missing throughout.

        Raises `DataError` where the table, or a column that is needed, is not there.
        """
        if not self.has(table):
            raise DataError(f"{self.name} has no {table}.csv: expected {EXPECTED}.")
        parts = [self._part(file, table, needed, others, remarks, may_be_empty) for file in self.files[table]]
        whole = pd.concat(parts, ignore_index=True).reindex(columns=[*needed, *others])
        return pd.DataFrame({column: cleaning.text(whole[column]) for column in whole})

    def _part(
        self,
        file: str,
        table: str,
        needed: tuple[str, ...],
        others: tuple[str, ...],
        remarks: Remarks,
        may_be_empty: bool,
    ) -> pd.DataFrame:
        name = PurePosixPath(file).name
        part = parse_table(gunzipped(self.read_file(file), name), name, remarks, may_be_empty=may_be_empty)
        part = _renamed(part, (*needed, *others))
        lacking = [column for column in needed if column not in part]
        if lacking:
            raise DataError(
                f"{name} has no column {', '.join(lacking)}: expected Camtrap DP's table of {table}. "
                f"Its columns: {', '.join(part)}."
            )
        return part


def _renamed(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """The columns under the names of version 1.0, which wrote `media_id` and `multimedia_id` before; Agouti and TRAPPER
    export such packages.
    """
    known = {name.lower(): name for name in names}
    known |= {old: known[new] for old, new in OLDER_NAMES.items() if new in known}
    found = {column: known.get(column.lower().replace("_", "")) for column in table if column not in names}
    return table.rename(columns={old: new for old, new in found.items() if new and new not in table})


@contextlib.contextmanager
def open_package(source: Path) -> Iterator[Package]:
    """The package of a folder, a zip, `datapackage.json` or one of the tables. Raises `DataError` for anything else."""
    if source.is_dir():
        yield _in_folder(source, source / DESCRIPTOR)
    elif is_zip(head_bytes(source)):
        with open_zip(source, source.name) as archive:
            yield _in_zip(source, archive)
    else:
        is_descriptor = source.suffix.lower() == ".json"
        yield _in_folder(source.parent, source if is_descriptor else source.parent / DESCRIPTOR)


def lies_in_zip(source: Path) -> bool:
    """Whether a zip holds a Camtrap DP. Raises `DataError` for one that is damaged."""
    with open_zip(source, source.name) as archive:
        return bool(_base_names(archive))


def lies_in_folder(folder: Path) -> bool:
    """Whether a folder holds a Camtrap DP: tables under their usual names, or a descriptor that lists media."""
    if (folder / "deployments.csv").is_file() and any((folder / f"{name}.csv").is_file() for name in MEDIA_TABLES):
        return True
    descriptor = folder / DESCRIPTOR
    return descriptor.is_file() and lists_media(read_bytes(descriptor), DESCRIPTOR)


def lists_media(descriptor: bytes, name: str) -> bool:
    """Whether a data package's descriptor is a Camtrap DP's. Raises `DataError` for a damaged one."""
    return "media" in _listed(descriptor, name)


def _in_folder(folder: Path, descriptor: Path) -> Package:
    content = read_bytes(descriptor) if descriptor.is_file() else b"{}"
    files = _files(_listed(content, descriptor.name), lambda file: os.path.isfile(folder / file))
    names = _species_names(content, descriptor.name)
    return Package(folder.name or str(folder), folder, files, (), names, lambda file: read_bytes(folder / file))


def _in_zip(source: Path, archive: zipfile.ZipFile) -> Package:
    """The package in a zip, at its top or in a folder of it. Raises `DataError` where several lie side by side."""
    bases = _base_names(archive)
    base = bases[0] if bases else ""
    beside = [other for other in bases if other.count("/") == base.count("/")]
    if len(beside) > 1:
        raise DataError(
            f"{source.name} holds {counted(len(beside), 'package')} side by side, such as {beside[0]} and {beside[1]}: "
            "unpack it and import each folder by itself."
        )
    members = {info.filename.removeprefix(base): info for info in archive.infolist() if info.filename.startswith(base)}

    def read_file(file: str) -> bytes:
        return read_member(archive, members[file], source.name)

    content = read_file(DESCRIPTOR) if DESCRIPTOR in members else b"{}"
    files = _files(_listed(content, DESCRIPTOR), members.__contains__)
    images = tuple(file for file in members if file.lower().endswith(IMAGE_SUFFIXES))
    return Package(source.name, source.parent, files, images, _species_names(content, DESCRIPTOR), read_file)


def _base_names(archive: zipfile.ZipFile) -> list[str]:
    """The folders of a zip that hold media.csv or a descriptor, the outermost first; `""` is its top."""
    names = [
        name
        for name in archive.namelist()
        if PurePosixPath(name).name
        in (DESCRIPTOR, *(f"{table}.csv{end}" for table in MEDIA_TABLES for end in ("", ".gz")))
    ]
    return sorted({name[: name.rfind("/") + 1] for name in names}, key=lambda base: (base.count("/"), base))


def _listed(descriptor: bytes, name: str) -> dict[str, tuple[str, ...]]:
    """The files that the descriptor names for each table. Raises `DataError` for one that is not in the package."""
    listed: dict[str, tuple[str, ...]] = {}
    for resource in parse_json(descriptor, name, Descriptor, EXPECTED).resources:
        table = "media" if resource.name in MEDIA_TABLES else resource.name
        if table not in TABLES:
            continue
        files = tuple(resource.path if isinstance(resource.path, list) else [resource.path])
        for file in files:
            if not isinstance(file, str) or not file or re.search(LEAVES_ROOT, file):
                raise DataError(
                    f"{name} has its {resource.name} at {file!r}: expected a file of the package. "
                    f"Put the file next to {name} and enter its name there."
                )
        listed[table] = files
    return listed


def _species_names(descriptor: bytes, name: str) -> SpeciesNames:
    """The English common name of each taxon, else the first that is given."""
    taxa = parse_json(descriptor, name, Descriptor, EXPECTED).taxonomic
    names = {}
    for taxon in taxa if isinstance(taxa, list) else ():
        if not isinstance(taxon, dict):
            continue
        scientific, common = taxon.get("scientificName"), taxon.get("vernacularNames")
        if isinstance(scientific, str) and isinstance(common, dict):
            given = [str(common[language]) for language in (*ENGLISH, *common) if common.get(language)]
            if given:
                names[scientific] = SpeciesName(scientific=scientific, common=given[0])
    return SpeciesNames(by_label=names)


def _files(listed: dict[str, tuple[str, ...]], exists: Callable[[str], bool]) -> dict[str, tuple[str, ...]]:
    """The files of each table that is there: as the descriptor says, else under their usual names."""
    found = {}
    for table in TABLES:
        usual = [(f"{name}.csv{end}",) for name in (table, OLDER_TABLES.get(table, table)) for end in ("", ".gz")]
        for files in (listed.get(table, ()), *usual):
            if files and all(map(exists, files)):
                found[table] = files
                break
    return found
