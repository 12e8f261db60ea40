"""A Wildlife Insights download (https://www.wildlifeinsights.org): images, deployments and sequences as tables.

`location` in its images is the address of the file; where the camera stood is `placename` of the deployment.
A species is a genus and a word of its own, empty is a flag, and a photo with two species has two rows.
"""

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from wildcam.data.catalog import build_index
from wildcam.data.importers import cleaning, files
from wildcam.data.importers.coco_camera_traps import usable_rows
from wildcam.data.importers.contract import Imported, ImportOptions, Remarks
from wildcam.data.importers.dates import taken_at
from wildcam.data.importers.json_file import read_bytes
from wildcam.data.importers.labels_of_images import labels_of_images
from wildcam.data.importers.packed import is_zip, open_zip, read_member
from wildcam.data.importers.several_labels import EMPTY, YES
from wildcam.data.importers.text_table import head_bytes, parse_table
from wildcam.data.passed_over import reason_for_path
from wildcam.data.species_names import SpeciesNames
from wildcam.errors import DataError

IDENTITY = frozenset(("deployment_id", "image_id", "is_blank", "common_name", "genus", "species"))
"""Columns by which the table of images is known."""

RANKS = ("genus", "family", "order", "class")
NOT_IDENTIFIED = r"(?i)^no cv result$"
"""Neither a person nor the program has named anything."""

IMAGES = re.compile(r"images(?:[_-]?\d+)?\.csv", re.IGNORECASE)
DEPLOYMENTS = re.compile(r"deployments(?:[_-]?\d+)?\.csv", re.IGNORECASE)
SEQUENCES = re.compile(r"sequences(?:[_-]?\d+)?\.csv", re.IGNORECASE)


@dataclass(frozen=True)
class _Tables:
    """The files of a download. `folder`: where the images are expected."""

    name: str
    folder: Path
    files: tuple[str, ...]
    read_file: Callable[[str], bytes]

    def table(self, pattern: re.Pattern[str], remarks: Remarks) -> pd.DataFrame | None:
        """All tables of a kind as one; None where there is none. A large download comes in several."""
        names = [file for file in self.files if pattern.fullmatch(PurePosixPath(file).name)]
        parts = [
            parse_table(self.read_file(file), PurePosixPath(file).name, remarks, may_be_empty=True) for file in names
        ]
        return pd.concat(parts, ignore_index=True) if parts else None


def is_images_table(header: list[str]) -> bool:
    """Whether a table with these columns is one of Wildlife Insights' images."""
    return set(header) >= IDENTITY


def lies_in(source: Path) -> bool:
    """Whether a folder or a zip is a download of Wildlife Insights. Raises `DataError` for a damaged zip."""
    with _open(source) as tables:
        images = [file for file in tables.files if IMAGES.fullmatch(PurePosixPath(file).name)]
        header = [parse_table(tables.read_file(file), file, Remarks(), may_be_empty=True) for file in images[:1]]
    return bool(header) and is_images_table(list(header[0]))


def read(source: Path, options: ImportOptions) -> Imported:
    """The images with their labels, at the locations of their deployments."""
    remarks = Remarks()
    with _open(source) as tables:
        rows = tables.table(IMAGES, remarks)
        deployments, sequences = (tables.table(pattern, remarks) for pattern in (DEPLOYMENTS, SEQUENCES))
    if rows is None or not is_images_table(list(rows)):
        raise DataError(
            f"{tables.name} has no images.csv of Wildlife Insights: expected {', '.join(sorted(IDENTITY))}."
        )
    root = options.images_dir or tables.folder
    rows["image_id"] = cleaning.text(rows["image_id"])
    nameless = rows["image_id"].isna()
    remarks.note("row without a photo id: left out", nameless, rows["deployment_id"])
    rows = rows[~nameless].reset_index(drop=True)
    images = rows[~rows["image_id"].duplicated()].reset_index(drop=True)
    deployment = cleaning.names(images["deployment_id"])
    table = pd.DataFrame(
        {
            "image_id": images["image_id"],
            "path": files.safe_paths(_paths(images, root), root, remarks),
            "location": _locations(images, deployment, deployments, remarks),
            "sequence_id": _column(images, "sequence_id"),
            "taken_at": taken_at(_column(images, "timestamp"), remarks),
        }
    )
    labels = _labels(rows, remarks)
    if sequences is not None and {"sequence_id", "is_blank"} <= set(sequences):
        labels = labels.fillna(_of_sequence(rows, sequences, remarks))
    names = _names(rows)
    table = _with_labels(table, rows["image_id"], labels, remarks)
    index = build_index(usable_rows(table, source, remarks))
    return Imported(index, root, categories={}, remarks=remarks.all(), names=names)


@contextlib.contextmanager
def _open(source: Path) -> Iterator[_Tables]:
    if source.is_dir():
        names = tuple(sorted(_files(source)))
        yield _Tables(source.name, source, names, lambda file: read_bytes(source / file))
    elif is_zip(head_bytes(source)):
        with open_zip(source, source.name) as archive:
            members = {info.filename: info for info in archive.infolist() if not reason_for_path(info.filename)}
            yield _Tables(
                source.name,
                source.parent,
                tuple(members),
                lambda file: read_member(archive, members[file], source.name),
            )
    else:  # the table of images; the others lie beside it
        others = [name for name in _files(source.parent) if not IMAGES.fullmatch(name)]
        folder = source.parent
        yield _Tables(
            source.name,
            folder,
            ("images.csv", *others),
            lambda file: read_bytes(source if file == "images.csv" else folder / file),
        )


def _files(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.is_file()]


def _paths(images: pd.DataFrame, root: Path) -> pd.Series:
    """By file name, flat or in a folder for each deployment, or by id: as the files lie."""
    address = _column(images, "location").str.extract(r"([^/]+)$", expand=False)
    names = _column(images, "filename").fillna(address).fillna(images["image_id"] + ".jpg")
    apart = (images["deployment_id"].astype("string") + "/" + names).fillna(names)
    by_id = images["image_id"] + names.str.extract(r"(\.[A-Za-z0-9]+)$", expand=False).fillna(".jpg")
    layouts = (apart, by_id, names) if names.duplicated().any() else (names, apart, by_id)
    return max(layouts, key=lambda layout: files.number_there(layout, root))


def _locations(
    images: pd.DataFrame, deployment: pd.Series, deployments: pd.DataFrame | None, remarks: Remarks
) -> pd.Series:
    """The deployment's `placename`; in several projects with the project before it where both have one of that name."""
    if deployments is None or not {"deployment_id", "placename"} <= set(deployments):
        remarks.add("deployments.csv is not beside the images: each deployment is used as a location", 1)
        return deployment
    known = deployments.assign(
        deployment_id=cleaning.names(deployments["deployment_id"]), placename=cleaning.text(deployments["placename"])
    ).drop_duplicates("deployment_id")
    names = known["placename"]
    if "project_id" in known:
        shared = known.groupby("placename")["project_id"].transform("nunique").gt(1).fillna(False)
        names = names.where(~shared, known["project_id"].astype("string") + "/" + names)
    by_id = pd.Series(names.array, index=pd.Index(known["deployment_id"]))
    found = deployment.map(by_id).astype("string")
    remarks.note("photo of a deployment without a placename: the deployment is its location", found.isna(), deployment)
    return cleaning.names(found.fillna(deployment))


def _names(rows: pd.DataFrame) -> SpeciesNames:
    """The common names beside the scientific ones, of rows that name a species."""
    scientific = _scientific(rows)
    return SpeciesNames.of_columns(scientific, scientific, _column(rows, "common_name"))


def _scientific(rows: pd.DataFrame) -> pd.Series:
    genus, word = _column(rows, "genus"), _column(rows, "species")
    return (genus + " " + word).str.replace(r"^(\S+) \1 ", r"\1 ", regex=True)


def _labels(rows: pd.DataFrame, remarks: Remarks) -> pd.Series:
    """`empty`, the scientific name, else the lowest rank that is known, else the common name."""
    common = _column(rows, "common_name")
    labels = _scientific(rows)
    for rank in RANKS:
        labels = labels.fillna(_column(rows, rank))
    labels = labels.fillna(common)
    blank = _column(rows, "is_blank").str.fullmatch(YES).fillna(False).astype(bool)
    labels = labels.mask(blank, EMPTY)
    unnamed = labels.str.fullmatch(NOT_IDENTIFIED).fillna(False).astype(bool)
    remarks.note("photo that nobody has identified (No CV Result): without a label", unnamed, rows["image_id"])
    return labels.mask(unnamed)


def _of_sequence(rows: pd.DataFrame, sequences: pd.DataFrame, remarks: Remarks) -> pd.Series:
    """The first label of each row's sequence, in projects that label sequences."""
    known = pd.Series(_labels(sequences.assign(image_id=sequences["sequence_id"]), remarks).array)
    by_id = pd.Series(known.array, index=pd.Index(_column(sequences, "sequence_id")))
    by_id = by_id[by_id.notna() & ~by_id.index.duplicated()]
    labels = _column(rows, "sequence_id").map(by_id).astype("string")
    remarks.note("photo labelled as its sequence", labels.notna(), rows["image_id"])
    return labels


def _with_labels(table: pd.DataFrame, ids: pd.Series, labels: pd.Series, remarks: Remarks) -> pd.DataFrame:
    given = labels.notna().to_numpy()
    rows = pd.Index(table["image_id"]).get_indexer(pd.Index(ids[given]))
    named = labels[given].reset_index(drop=True)
    found, _ = labels_of_images(rows, named, table["path"], remarks)
    return table.assign(label=found["label"], second_label=found["second_label"])


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    missing = pd.Series(pd.NA, index=table.index, dtype="string")
    return cleaning.text(table[name]).set_axis(table.index) if name in table else missing
