"""The catalog of a data set: `datasets/<name>/dataset.json` and `index.parquet`, one row an image."""

import hashlib
import re
import shutil
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pandas as pd
from pandas.util import hash_pandas_object
from pydantic import BaseModel, ConfigDict, Field

from wildcam import atomic
from wildcam.accounts.acting import actor_name, permit
from wildcam.accounts.roles import Act
from wildcam.changed import changed
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.data.clock import ClockCorrection, corrected
from wildcam.data.labels import LabelPolicy
from wildcam.data.review_layer import with_reviews
from wildcam.data.reviews import ReviewLayer, Reviews
from wildcam.data.species_names import SpeciesNames
from wildcam.errors import DamagedFile, DataError, UsageError, one_of
from wildcam.stored import read_stored_model, read_stored_table, reading

INDEX_COLUMNS = {
    "image_id": "string",  # unique
    "path": "string",  # relative to the root, with `/`
    "label": "category",  # as the source says; missing = unlabelled
    "second_label": "category",  # of a second annotation that disagrees
    "category_id": "Int32",  # the source's own number
    "location": "category",  # where the camera stood, as text
    "sequence_id": "category",  # burst; missing = unknown
    "frame": "Int16",  # position in the burst; missing = unknown
    "taken_at": "datetime64[ms]",  # local time of the camera
    "width": "Int32",  # px, as the source says
    "height": "Int32",
    "given_split": "category",  # the source's own subset
    "status": "category",  # Status
    "detector_confidence": "float32",  # of the best animal box; 0 = ran and found none; NaN = not run
    "box_x": "float32",  # best animal box, relative to the image, origin top left
    "box_y": "float32",
    "box_width": "float32",
    "box_height": "float32",
    "camera": "category",  # model and serial number of the body; missing = unknown
    "utc_offset": "Int16",  # minutes east of UTC of `taken_at`; missing = the source names no zone
    "clock_at": "datetime64[ms]",  # what the clock showed, where that cannot be and `taken_at` is missing
    "label_of_sequence": "boolean",  # whether the label was given to the whole burst; missing = unknown
}
"""Every column of `index.parquet` with its dtype."""

LATER_COLUMNS = ("camera", "utc_offset", "clock_at", "label_of_sequence")
"""Columns that catalogs of earlier versions have not: missing throughout."""

DETECTION_COLUMNS = ("image_id", "category", "confidence", "x", "y", "width", "height")
"""Columns of `detections.parquet`: every box of a detector, relative; `category` animal, person or vehicle."""

DEPLOYMENTS_FILE = "deployments.csv"
"""The user's table of deployments, in the data set's folder: `wildcam.exports.deployment_table` reads it."""

LONGEST_TITLE = 80

_NO_TABLE = "It is the table of the data set {name}: import it again. Its photos and its runs are whole."
_NO_BOXES = "Boxes of the detector are missing until the data set is imported again; all else works."

NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Status(Choice):
    """Whether an image can be used. Import tests whether the file exists; a check decodes it."""

    OK = "ok", "Found"
    MISSING = "missing", "Missing"
    UNREADABLE = "unreadable", "Unreadable"
    DAMAGED = "damaged", "Damaged, read in part"


class Mend(Choice):
    """Where a person can mend what a remark says."""

    SOURCE = "source", "Choose other columns or folders"  # the import again, with other choices
    PHOTO_FOLDER = "photo_folder", "Choose the photo folder"
    LABELS = "labels", "Merge or change labels"
    SECOND_LABEL = "second_label", "Choose which label counts"
    TIME = "time", "Show times"


class Remark(BaseModel):
    """Something that an importer repaired or skipped, with how often, a few examples, and where it can be mended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    count: int
    example: str = ""
    more_examples: tuple[str, ...] = ()
    mend: Mend | None = None


class DeletedPeople(BaseModel):
    """That photos which showed people were deleted for good: how many, and nothing by which one could be known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int
    sources_deleted: bool = Field(description="Whether their files were deleted, too.")
    deleted_by: str
    asked_at: datetime


class DatasetInfo(BaseModel):
    """What `dataset.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str = Field("", description="What people read in place of the name; empty where none was given.")
    source: str = Field(description="The file or folder that was imported.")
    root: Path = Field(description="The folder that the paths of the photos start from.")
    format: str = Field(description="The importer's name.")
    labels: LabelPolicy
    clock: tuple[ClockCorrection, ...] = Field((), description="Corrections of the cameras' clocks.")
    categories: dict[str, int] = Field({}, description="Every label that the source lists, with its number.")
    names: SpeciesNames = Field(SpeciesNames(), description="Scientific and common names of the labels.")
    fingerprint: str = Field("", description="Changes when a photo, label, location or time does.")
    images: int = 0
    is_demo: bool = Field(False, description="Drawn photos, for trying things out only.")
    imported_at: datetime
    added_by: str = Field("", description="The user who added it; empty if it is not known.")
    checked_at: datetime | None = Field(default=None, description="When every file was last decoded.")
    warnings: tuple[Remark, ...] = ()
    deleted_people: tuple[DeletedPeople, ...] = ()

    @property
    def display(self) -> str:
        """What people read."""
        return self.title or self.name


@dataclass(frozen=True)
class Dataset:
    """An opened data set: what it is, and its table (read on first use)."""

    info: DatasetInfo
    folder: Path
    reviews: ReviewLayer = ReviewLayer()

    @property
    def name(self) -> str:
        """The data set's name."""
        return self.info.name

    @property
    def display(self) -> str:
        """What people read: its title, or its name where none was given."""
        return self.info.display

    @cached_property
    def index(self) -> pd.DataFrame:
        """One row an image in the source's order: `INDEX_COLUMNS` with `label` as reviewers say and the policy reads it
        and `taken_at` as the clock is corrected; the untouched `source_label` (the first where there are two), the
        policy's `role`, `decision` of the review (missing where there is none), and `camera_time`: what the camera
        showed where the time is corrected.
        """
        return with_reviews(self.unreviewed, self.info.labels, self.reviews)

    @cached_property
    def unreviewed(self) -> pd.DataFrame:
        """The index without reviews; `label` is not yet read by the policy."""
        table = corrected(_read_index(self.folder), self.info.clock)
        table["source_label"] = table["label"]
        if self.info.labels.takes_second:
            table[["label", "second_label"]] = self.info.labels.in_order(table[["label", "second_label"]])
        return table

    @property
    def fingerprint(self) -> str:
        """Changes when a photo, label, location or time does, and when a review does."""
        reviewed = self.reviews.labels()
        if not reviewed:
            return self.info.fingerprint
        said = "\n".join(f"{path}\t{label}" for path, label in sorted(reviewed.items()))
        return hashlib.sha256(f"{self.info.fingerprint}\n{said}".encode()).hexdigest()[:12]

    def reviewed(self, reviews: ReviewLayer) -> "Dataset":
        """The same data set with these reviews; the table is not read again."""
        other = replace(self, reviews=reviews)
        if "unreviewed" in self.__dict__:
            other.__dict__["unreviewed"] = self.unreviewed
        return other

    @property
    def deployments_path(self) -> Path | None:
        """The user's table of deployments, as `wildcam.exports.deployment_table` reads it; None where there is none."""
        path = self.folder / DEPLOYMENTS_FILE
        return path if path.exists() else None

    @property
    def detections(self) -> pd.DataFrame:
        """Every detector box (`DETECTION_COLUMNS`); empty where no detector ran."""
        path = self.folder / "detections.parquet"
        if not path.exists():
            return pd.DataFrame(columns=list(DETECTION_COLUMNS))
        return read_stored_table(path, _NO_BOXES)

    @property
    def label_sizes(self) -> pd.Series:
        """Images of every label of the source, 0 for one that it only lists, the largest first."""
        counts = self.index["source_label"].value_counts()
        counts.index = counts.index.astype("object")
        listed = [name for name in self.info.categories if name not in counts.index]
        return counts.reindex([*counts.index, *listed], fill_value=0)

    @property
    def label_pairs(self) -> pd.DataFrame:
        """Images with two labels, as the source has them: `label`, `second_label`, `images`; most frequent first."""
        pairs = _read_index(self.folder)[["label", "second_label"]].astype(object)
        return pairs.value_counts().rename("images").reset_index()

    def rows_of(self, image_ids: Iterable[str]) -> pd.DataFrame:
        """The few rows of the index with these ids, by id."""
        return self.index[self.index["image_id"].isin(list(image_ids))].set_index("image_id", drop=False)

    def detections_of(self, image_id: str) -> pd.DataFrame:
        """The boxes of one image (`DETECTION_COLUMNS`), the highest confidence first."""
        path = self.folder / "detections.parquet"
        if not path.exists():
            return pd.DataFrame(columns=list(DETECTION_COLUMNS))
        with reading(path, _NO_BOXES):
            boxes = pd.read_parquet(path, filters=[("image_id", "==", image_id)])
        return boxes.sort_values("confidence", ascending=False, ignore_index=True)

    def image_path(self, path: str) -> Path:
        """The file of a row's `path`. Raises `DataError` for one outside the data set's root."""
        full = Path(self.info.root, path)
        if ".." in Path(path).parts or Path(path).is_absolute():
            raise DataError(f"{path!r} is outside the data set's folder, so it is not read.")
        return full


def build_index(columns: dict[str, object]) -> pd.DataFrame:
    """A table with exactly `INDEX_COLUMNS`: given columns converted, absent ones missing, status ok."""
    unknown = set(columns) - set(INDEX_COLUMNS)
    if unknown:
        raise TypeError(f"not a catalog column: {sorted(unknown)}")
    length = len(columns["image_id"])  # type: ignore[arg-type]
    table = pd.DataFrame(index=pd.RangeIndex(length))
    for name, dtype in INDEX_COLUMNS.items():
        values = columns.get(name, Status.OK.value if name == "status" else None)
        column = pd.Series(values, index=table.index)
        # A category without a single value is still one of texts, also after Parquet.
        table[name] = column.astype("string").astype(dtype) if dtype == "category" else column.astype(dtype)
    return table


def _read_index(folder: Path) -> pd.DataFrame:
    """The table as it was imported. Raises `DamagedFile`, also for one that is gone."""
    path = folder / "index.parquet"
    advice = _NO_TABLE.format(name=folder.name)
    if not path.exists():
        raise DamagedFile(f"{folder.name}/{path.name} is gone. {advice}")
    with reading(path, advice):
        # A category without a single value comes back from Parquet as no category.
        return _with_later_columns(pd.read_parquet(path)).astype(INDEX_COLUMNS)


def _with_later_columns(table: pd.DataFrame) -> pd.DataFrame:
    absent = [name for name in LATER_COLUMNS if name not in table]
    return table.assign(**dict.fromkeys(absent, None)) if absent else table


def fingerprint(index: pd.DataFrame) -> str:
    """Twelve hex digits over the identities, labels, locations and times of all images."""
    columns = index[["image_id", "path", "label", "location", "taken_at"]]
    # Ids and paths are unique: searching for equal ones first, as `categorize` does, costs time and changes nothing.
    hashes = hash_pandas_object(columns, index=False, categorize=False).sort_values().to_numpy()  # type: ignore[operator]
    return hashlib.sha256(hashes.tobytes()).hexdigest()[:12]


def is_drawn(datasets_dir: Path, name: str) -> bool:
    """Whether a data set is the demo's, of drawn photos; not where there is none of that name."""
    return any(info.is_demo for info in list_datasets(datasets_dir) if info.name == name)


def list_datasets(datasets_dir: Path) -> list[DatasetInfo]:
    """Every data set of the home, by name; one that `damaged_datasets` names is left out."""
    found = []
    for path in sorted(datasets_dir.glob("[!.]*/dataset.json")):
        with suppress(DataError, OSError):  # OSError: deleted meanwhile
            found.append(_read_info(path.parent))
    return found


def damaged_datasets(datasets_dir: Path) -> dict[str, str]:
    """What is wrong with every data set that `list_datasets` leaves out: a sentence by its name."""
    sentences = {}
    for folder in sorted(datasets_dir.glob("[!.]*/")):
        try:
            _read_info(folder)
        except DataError as error:
            sentences[folder.name] = str(error)
    return sentences


def open_dataset(datasets_dir: Path, name: str) -> Dataset:
    """The data set of that name. Raises `UsageError` for an unknown one, `DataError` for a damaged one."""
    folder = datasets_dir / name
    if not NAME_PATTERN.fullmatch(name) or not folder.is_dir():
        raise one_of("data set", name, [info.name for info in list_datasets(datasets_dir)])
    info = _read_info(folder)
    return Dataset(info, folder, reviews_of(datasets_dir, info))


def _read_info(folder: Path) -> DatasetInfo:
    """Raises `DamagedFile`, also where the file is gone."""
    path = folder / "dataset.json"
    advice = f"Delete the data set (`wildcam data delete {folder.name}`) and import it again. Its runs are whole."
    if not path.exists():
        raise DamagedFile(f"{folder.name}/{path.name} is gone. {advice}")
    return read_stored_model(path, DatasetInfo, advice)


def reviews_of(datasets_dir: Path, info: DatasetInfo) -> ReviewLayer:
    """The reviews of a data set's photos; those of a home lie beside its data sets."""
    return Reviews(datasets_dir.parent).below(info.root)


def save_dataset(
    datasets_dir: Path,
    index: pd.DataFrame,
    *,
    name: str,
    source: str,
    root: Path,
    format: str,
    labels: LabelPolicy,
    categories: dict[str, int] | None = None,
    warnings: Iterable[Remark] = (),
    detections: pd.DataFrame | None = None,
    names: SpeciesNames = SpeciesNames(),
    is_demo: bool = False,
    replace: bool = False,
) -> Dataset:
    """Write a new data set, complete or not at all. Raises `UsageError` for a bad or taken name."""
    check_free(datasets_dir, name, replace=replace)
    permit(Act.ADD_DATASET, name)
    if (datasets_dir / name).exists():
        permit(Act.DELETE_DATASET, f"{name}, replaced", made_by=_added_by(datasets_dir, name))
    info = DatasetInfo(
        name=name,
        source=source,
        root=root.absolute(),
        format=format,
        labels=labels,
        categories=categories or {},
        names=names,
        fingerprint=fingerprint(index),
        images=len(index),
        is_demo=is_demo,
        imported_at=datetime.now(UTC),
        added_by=actor_name(),
        warnings=tuple(warnings),
    )
    try:
        with atomic.new_folder(datasets_dir / name, replace=replace) as new:
            index.to_parquet(new / "index.parquet", index=False, compression="zstd")
            if detections is not None and len(detections):
                detections.to_parquet(new / "detections.parquet", index=False, compression="zstd")
            atomic.write_json(new / "dataset.json", info)
    except FileExistsError:  # another import of this name was faster
        check_free(datasets_dir, name, replace=replace)
        raise
    return Dataset(info, datasets_dir / name, reviews_of(datasets_dir, info))


def update_status(dataset: Dataset, status: Sequence[Status], *, is_complete: bool = True) -> Dataset:
    """Store the result of a check of all files: a status for every row of the index. `is_complete`: every one could be
    opened.
    """
    table = _read_index(dataset.folder)
    table["status"] = pd.Categorical(list(map(str, status)), categories=list(map(str, Status)))
    temporary = dataset.folder / ".index.parquet"
    table.to_parquet(temporary, index=False, compression="zstd")
    temporary.replace(dataset.folder / "index.parquet")
    return _update_info(dataset, checked_at=datetime.now(UTC)) if is_complete else dataset


def remove_images(dataset: Dataset, image_ids: Collection[str], record: DeletedPeople) -> Dataset:
    """Take images out of table and boxes, with a record of it. Asked again after a kill, it does the rest."""
    table = read_stored_table(dataset.folder / "index.parquet", _NO_TABLE.format(name=dataset.name))
    kept = table[~table["image_id"].isin(image_ids)].reset_index(drop=True)
    earlier = open_dataset(dataset.folder.parent, dataset.name).info.deleted_people
    is_new = record.images and record.asked_at not in [one.asked_at for one in earlier]
    new = _update_info(
        dataset,
        images=len(kept),
        fingerprint=fingerprint(corrected(_with_later_columns(kept).astype(INDEX_COLUMNS), dataset.info.clock)),
        deleted_people=(*earlier, record) if is_new else earlier,
    )
    boxes = dataset.detections
    for name, rows in (("detections", boxes[~boxes["image_id"].isin(image_ids)]), ("index", kept)):
        path = dataset.folder / f"{name}.parquet"
        if path.exists():
            atomic.write_bytes(path, rows.to_parquet(index=False, compression="zstd"))
    return new


def record_sources_deleted(dataset: Dataset, asked_at: datetime) -> Dataset:
    """Add to the record of a deletion that the photos' files are gone, too."""
    records = dataset.info.deleted_people
    return _update_info(
        dataset,
        deleted_people=tuple(
            changed(record, sources_deleted=True) if record.asked_at == asked_at else record for record in records
        ),
    )


def update_labels(dataset: Dataset, labels: LabelPolicy) -> Dataset:
    """Store another label policy; source and table stay as they are."""
    permit(Act.CORRECT, dataset.name)
    return _update_info(dataset, labels=labels)


def update_names(dataset: Dataset, names: SpeciesNames) -> Dataset:
    """Store other names of the labels; labels stay as they are."""
    permit(Act.CORRECT, dataset.name)
    return _update_info(dataset, names=names)


def update_deployments(dataset: Dataset, table: bytes) -> None:
    """Store another table of deployments, a CSV that `wildcam.exports.deployment_table` has read."""
    permit(Act.CORRECT, dataset.name)
    atomic.write_bytes(dataset.folder / DEPLOYMENTS_FILE, table)


def update_clock(dataset: Dataset, corrections: Sequence[ClockCorrection]) -> Dataset:
    """Store other corrections of the clocks; source and table stay as they are, and the fingerprint changes."""
    permit(Act.CORRECT, dataset.name)
    table = corrected(_read_index(dataset.folder), corrections)
    return _update_info(dataset, clock=tuple(corrections), fingerprint=fingerprint(table))


def rename_dataset(datasets_dir: Path, name: str, title: str) -> Dataset:
    """Give a data set another title; its name, by which runs and links know it, stays.

    Raises `UsageError` for an unknown name, and for a title that cannot be one or that another data set goes by.
    """
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise UsageError(
            f"Received a title of {counted(len(title), 'character')}: expected 1 to {LONGEST_TITLE}, none of them a "
            "control character."
        )
    dataset = open_dataset(datasets_dir, name)
    permit(Act.ADD_DATASET, f"{name}: {title}", made_by=dataset.info.added_by)
    others = [info for info in list_datasets(datasets_dir) if info.name != name]
    if any(title in (info.title, info.name) for info in others):
        raise UsageError(f"Another data set goes by {title!r}. Choose another title.")
    return _update_info(dataset, title="" if title == name else title)


def delete_dataset(datasets_dir: Path, name: str) -> None:
    """Delete a data set's catalog, also a damaged one; the images stay where they are."""
    if name not in damaged_datasets(datasets_dir):
        open_dataset(datasets_dir, name)
    permit(Act.DELETE_DATASET, name, made_by=_added_by(datasets_dir, name))
    shutil.rmtree(datasets_dir / name)


def _added_by(datasets_dir: Path, name: str) -> str:
    """Who added a data set; "" where that is not known, as of a damaged one."""
    return next((info.added_by for info in list_datasets(datasets_dir) if info.name == name), "")


def check_name(name: str) -> None:
    """Raise `UsageError` unless the name can serve as a folder's name."""
    if not NAME_PATTERN.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be a name: use letters, digits, '.', '_' and '-', at most 64, a letter or digit first."
        )


def check_free(datasets_dir: Path, name: str, *, replace: bool = False) -> None:
    """Raise `UsageError` for a name that cannot be one, or that a data set has and that is not to be replaced."""
    check_name(name)
    if (datasets_dir / name).exists() and not replace:
        raise UsageError(f"A data set named {name!r} exists. Choose another name, or replace it with --replace.")


def _update_info(dataset: Dataset, **changes: object) -> Dataset:
    # What another process has changed since this one opened the data set stays changed.
    info = changed(open_dataset(dataset.folder.parent, dataset.name).info, **changes)
    atomic.write_json(dataset.folder / "dataset.json", info)
    return Dataset(info, dataset.folder, dataset.reviews)
