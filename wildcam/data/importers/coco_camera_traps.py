"""COCO Camera Traps JSON (https://github.com/agentmorris/MegaDetector, data_management/README.md).

`images`, `annotations` and `categories`, joined by id and never by order. A category's own `count`
is not the number of its annotations and is not read.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pandas as pd

from wildcam.data.catalog import Status, build_index
from wildcam.data.importers import cleaning, files
from wildcam.data.importers.contract import Imported, ImportOptions, Remarks
from wildcam.data.importers.dates import taken_at, utc_offsets
from wildcam.data.importers.joining import rows_of_ids
from wildcam.data.importers.json_file import read_json
from wildcam.data.importers.labels_of_images import labels_of_images, take
from wildcam.data.species_names import SpeciesNames
from wildcam.errors import DataError

EXPECTED = "a COCO Camera Traps file, an object with the lists `images`, `annotations` and `categories`"

Entry = TypeVar("Entry")

SUBFOLDERS = ("", "images/", "train/", "test/")
"""Where the images may lie; the first is where the format says they do."""

YES = (True, "true", "True")


class Image(msgspec.Struct, gc=False):
    """An image. Values are of any type: values that do not fit are repaired column by column."""

    id: Any = None
    file_name: Any = None
    width: Any = None
    height: Any = None
    location: Any = None
    datetime: Any = None
    date_captured: Any = None  # Caltech's name for it
    seq_id: Any = None
    frame_num: Any = None
    corrupt: Any = None


class Annotation(msgspec.Struct, gc=False):
    """A label of an image."""

    image_id: Any = None
    category_id: Any = None
    sequence_level_annotation: Any = None


class Category(msgspec.Struct, gc=False):
    """A label's number and name, and what else it is called."""

    id: Any = None
    name: Any = None
    scientific_name: Any = None
    common_name: Any = None


@dataclass(frozen=True)
class Categories:
    """The labels that a file lists: the number of each, and what else they are called."""

    numbers: dict[str, int]
    names: SpeciesNames


class CocoFile(msgspec.Struct, gc=False):
    """The whole file; a list of images without annotations is unlabelled."""

    images: list[Image | None]
    annotations: list[Annotation | None] | None = None
    categories: list[Category | None] | None = None


def read(source: Path, options: ImportOptions) -> Imported:
    """A COCO Camera Traps file; its `file_name`s are paths below the images' folder."""
    remarks = Remarks()
    table, categories = read_table(source, remarks)
    root = options.images_dir or source.parent
    table["path"] = files.safe_paths(table["path"], root, remarks)
    table["path"] = files.folder_of(table["path"].dropna(), root, SUBFOLDERS) + table["path"]
    index = build_index(usable_rows(table, source, remarks))
    return Imported(index, root, categories.numbers, remarks=remarks.all(), names=categories.names)


def read_table(source: Path, remarks: Remarks) -> tuple[pd.DataFrame, Categories]:
    """One row an image in the catalog's columns (`path` as the source says), and the labels that are listed."""
    coco = read_json(source, CocoFile, EXPECTED)
    table = _images(_entries(coco.images, "images", remarks), remarks)
    coco.images.clear()  # the structs are the largest thing in memory
    names, categories = _names(_entries(coco.categories, "categories", remarks), remarks)
    return _with_labels(table, _entries(coco.annotations, "annotations", remarks), names, remarks), categories


def usable_rows(table: pd.DataFrame, source: Path, remarks: Remarks) -> dict[str, object]:
    """The columns of the rows that kept a path. Raises `DataError` if there are none, with what was wrong with them."""
    table = table[table["path"].notna()].reset_index(drop=True)
    if table.empty:
        reasons = "; ".join(f"{remark.count:,} × {remark.what}" for remark in remarks.all()) or "the list is empty"
        raise DataError(f"{source.name} has no usable photo ({reasons}): expected file paths below the photo folder.")
    return {str(name): table[name] for name in table}


def _entries(entries: list[Entry | None] | None, name: str, remarks: Remarks) -> list[Entry]:
    """The entries of a list; `null` for the whole list, or for one of it, is none."""
    found = [entry for entry in entries or () if entry is not None]
    remarks.add(f"null in the list `{name}`: left out", len(entries or ()) - len(found))
    return found


def _images(images: list[Image], remarks: Remarks) -> pd.DataFrame:
    written = [image.datetime or image.date_captured for image in images]
    location = cleaning.names([image.location for image in images])
    corrupt = pd.Series([image.corrupt is not None and image.corrupt in YES for image in images], dtype=bool)
    table = pd.DataFrame(
        {
            "image_id": cleaning.ids([image.id for image in images]),
            "path": cleaning.raw_text([image.file_name for image in images]),
            "location": location,
            "sequence_id": cleaning.ids([image.seq_id for image in images]),
            "frame": cleaning.frames([image.frame_num for image in images], remarks),
            "taken_at": taken_at(written, remarks, cameras=location),
            "utc_offset": utc_offsets(written),
            "width": cleaning.sizes([image.width for image in images], remarks, "width"),
            "height": cleaning.sizes([image.height for image in images], remarks, "height"),
            "status": pd.Categorical.from_codes(corrupt.astype("int8"), [Status.OK.value, Status.UNREADABLE.value]),
        }
    )
    remarks.note("photo marked as corrupt in the source: unreadable until a check decodes it", corrupt, table["path"])
    nameless = table["image_id"].isna()
    remarks.note("photo without an id: left out", nameless, table["path"])
    repeated = table["image_id"].duplicated() & ~nameless
    remarks.note("repeated photo id: only the first is kept", repeated, table["image_id"])
    return table[~(nameless | repeated)].reset_index(drop=True)


def _names(categories: list[Category], remarks: Remarks) -> tuple[pd.Series, Categories]:
    """Names by the text of the category's id, and the labels for the catalog."""
    ids = cleaning.names([category.id for category in categories])
    names = cleaning.text([category.name for category in categories])
    remarks.note("category without a name: named by its number", names.isna() & ids.notna(), ids)
    names = names.fillna("category " + ids)
    known = ids.notna() & ~ids.duplicated()
    first = names.groupby(ids).transform("first")
    remarks.note("category id with several names: the first is used", ~known & ids.notna() & (names != first), names)
    remarks.note("category with the name of another: one class", known & names[known].duplicated(), names)
    by_id = pd.Series(names[known].to_numpy(), index=pd.Index(ids[known]), dtype="string")
    numbers = cleaning.whole_numbers(by_id.index.to_series())
    table: dict[str, int] = {}
    for name, number in zip(by_id, numbers, strict=True):
        if not pd.isna(number):
            table.setdefault(name, int(number))
    scientific = cleaning.text([category.scientific_name for category in categories])
    common = cleaning.text([category.common_name for category in categories])
    return by_id, Categories(table, SpeciesNames.of_columns(names[known], scientific[known], common[known]))


def _with_labels(
    table: pd.DataFrame, annotations: list[Annotation], names: pd.Series, remarks: Remarks
) -> pd.DataFrame:
    image_ids = cleaning.ids([annotation.image_id for annotation in annotations])
    category_ids = cleaning.names([annotation.category_id for annotation in annotations])
    rows = rows_of_ids(table["image_id"], image_ids, remarks, "annotation")
    remarks.note("annotation of an unlisted photo: left out", pd.Series(rows < 0), image_ids)
    remarks.note("annotation without a category: left out", category_ids.isna(), image_ids)
    usable = (rows >= 0) & category_ids.notna().to_numpy()
    rows, category_ids = rows[usable], category_ids[usable].reset_index(drop=True)
    unlisted = ~category_ids.isin(names.index)
    remarks.note("annotation with an unlisted category: named by its number", unlisted, category_ids)
    labels = category_ids.map(names).astype("string").fillna("category " + category_ids)

    found, counts = labels_of_images(rows, labels, table["image_id"], remarks)
    table[["label", "second_label"]] = found
    table["category_id"] = take(cleaning.whole_numbers(category_ids), counts)
    levels = [annotation.sequence_level_annotation for annotation in annotations]
    if any(level is not None for level in levels):
        of_sequence = pd.Series([None if level is None else level in YES for level in levels], dtype="boolean")
        table["label_of_sequence"] = take(of_sequence[usable].reset_index(drop=True), counts)
    return table
