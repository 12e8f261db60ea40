"""Add data: the preview, before anything is stored."""

import dataclasses
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.add.columns import TITLES
from pages.add.request import ImportRequest
from pages.widgets.facts import draw_facts, draw_remarks
from pages.widgets.markdown import literal
from pages.widgets.photo_grid import PhotoCard, draw_photo
from pages.widgets.shown_photo import sees_people
from wildcam.counting import counted
from wildcam.data.catalog import Remark
from wildcam.data.importers import IMPORTERS, ColumnMap, ImportOptions, preview, read
from wildcam.data.importers.contract import PREVIEW_ROWS
from wildcam.data.importers.on_disk import located
from wildcam.data.importers.one_row_a_file import one_row_a_file
from wildcam.data.labels import LabelPolicy
from wildcam.data.thumbnails import GALLERY_SIDE
from wildcam.errors import DataError

WHOLE_BYTES = 16 * 1024**2
"""A table up to this size is read completely for the preview; of a larger one only the first rows."""

SAMPLE = 50
"""Images whose files are searched for."""

SHOWN = 6
"""Photos that are shown."""

FIELD_TITLES = {
    "path": TITLES["path"],
    "label": TITLES["label"],
    "location": TITLES["location"],
    "taken_at": TITLES["datetime"],
    "second_label": "Second label",
    "sequence_id": TITLES["sequence"],
    "frame": TITLES["frame"],
    "given_split": TITLES["split"],
    "width": TITLES["width"],
    "height": TITLES["height"],
    "image_id": TITLES["image_id"],
}
"""The catalog's columns that a preview shows."""


@dataclass(frozen=True)
class SourceSummary:
    """The figures of a source that was read completely."""

    images: int
    locations: int
    labels: tuple[str, ...]
    remarks: tuple[Remark, ...]
    sample: tuple[str, ...]  # evenly spaced paths
    root: Path


@dataclass(frozen=True)
class ImportPreview:
    """The first rows under the fields' titles, and a few photos; `summary` where the source was read completely."""

    rows: pd.DataFrame
    summary: SourceSummary | None
    photos: tuple[PhotoCard, ...] = ()


def preview_source(request: ImportRequest) -> ImportPreview:
    """The preview of what was chosen; cached, so that unchanged files are read once. Raises `DataError`."""
    options = dataclasses.replace(request.options(), detector=None)  # large, and not needed for the rows
    stamps = tuple(
        file.stamp if file else None for file in (request.source, request.more.test, request.more.ground_truth)
    )
    source = request.source
    return _preview_source(source.path, stamps, request.format, options, request.has_images, source.with_photos)


def draw_preview(preview: ImportPreview, *, with_files: bool) -> None:
    """The first rows, their figures and label roles; `with_files`: the images should exist."""
    times = (
        {TITLES["datetime"]: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm:ss")} if preview.summary else None
    )
    _draw_photos(preview.photos)
    st.dataframe(preview.rows, hide_index=True, key="add_rows", placeholder="–", column_config=times)
    if preview.summary is None:
        st.caption(
            "First rows only; the rest is read when the data set is added. Label roles can be changed later in Explore."
        )
        return
    _draw_figures(preview.summary, with_files)
    _draw_labels(preview.summary.labels)
    _draw_remarks(preview.summary.remarks)


def _draw_figures(summary: SourceSummary, with_files: bool) -> None:
    cards = st.grid(min_column_width=130)
    cards.metric("Photos", f"{summary.images:,}", border=True)
    cards.metric("Locations", f"{summary.locations:,}", border=True)
    cards.metric("Labels", f"{len(summary.labels):,}", border=True)
    if not with_files:
        return
    count = len(summary.sample)
    found = sum(os.path.exists(summary.root / path) for path in summary.sample)
    cards.metric(
        "Files found",
        f"{found} of {count}",
        border=True,
        help=f"A sample of {counted(count, 'photo')} was searched for.",
    )
    if found < count:
        st.warning(
            f"Not in {literal(str(summary.root))}: {count - found} of {counted(count, 'sampled photo')}. There would "
            "be metadata, but no photo. Enter the right photo folder under *More files*.",
            icon=":material/image_search:",
        )


def _draw_photos(photos: tuple[PhotoCard, ...]) -> None:
    if photos and not sees_people():
        st.caption("Photos are not shown to viewers before an import: nobody knows yet which show people.")
        return
    grid = st.grid(SHOWN, min_column_width=100)
    for photo in photos:
        with grid.cell():
            draw_photo(photo, GALLERY_SIDE)
            st.caption(literal(photo.caption))


def _draw_labels(labels: tuple[str, ...]) -> None:
    if not labels:
        st.info("No photo has a label, so no model can be trained on it.", icon=":material/label_off:")
        return
    policy = LabelPolicy.suggest(labels)
    animals = len(labels) - len(policy.empty) - len(policy.other)
    st.markdown("**Label roles**")
    draw_facts(
        {
            "Empty": ", ".join(policy.empty) or "none",
            "Other": ", ".join(policy.other) or "none",
            "Animal": f"all other labels ({animals:,})",
        }
    )
    st.caption("Roles can be changed later in Explore.")


def _draw_remarks(remarks: tuple[Remark, ...]) -> None:
    if remarks:
        with st.expander(f"Importer's remarks: {len(remarks)}", icon=":material/info:"):
            draw_remarks(remarks)


@st.cache_data(max_entries=20, ttl="10m", show_spinner="Reading …")
def _preview_source(
    path: Path,
    stamps: tuple[tuple[int, int] | None, ...],
    format: str,
    options: ImportOptions,
    with_files: bool,
    is_local: bool,
) -> ImportPreview:
    try:
        importer = IMPORTERS[format]
        is_small = path.is_file() and path.stat().st_size <= WHOLE_BYTES
        if importer.preview is None or is_small or is_local:
            return _read_whole(path, format, options, with_files)
        first = preview(path, format, options)
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
    if isinstance(first.columns, ColumnMap):
        columns = {title: getattr(first.columns, name) for name, title in TITLES.items()}
        rows = pd.DataFrame({title: first.rows[name] for title, name in columns.items() if name})
        return ImportPreview(rows, None)
    return ImportPreview(
        _titled(first.rows), None, _some_photos(path, first.rows["path"]) if format == "folders" else ()
    )


def _read_whole(path: Path, format: str, options: ImportOptions, with_files: bool) -> ImportPreview:
    imported = read(path, format=format, options=options)
    imported = one_row_a_file(located(imported) if with_files else imported)
    index = imported.index
    rows = _titled(index.dropna(axis="columns", how="all").head(PREVIEW_ROWS))
    summary = SourceSummary(
        images=len(index),
        locations=index["location"].nunique(),
        labels=tuple(sorted(index["label"].dropna().unique())),
        remarks=imported.remarks,
        sample=tuple(index["path"].iloc[:: max(1, len(index) // SAMPLE)][:SAMPLE]),
        root=imported.root,
    )
    return ImportPreview(rows, summary, _some_photos(summary.root, summary.sample) if with_files else ())


def _some_photos(root: Path, paths: Iterable[str]) -> tuple[PhotoCard, ...]:
    """A few of those that are there, evenly spaced."""
    found = [path for path in paths if os.path.exists(root / path)]
    return tuple(PhotoCard(path, root / path, path) for path in found[:: max(1, len(found) // SHOWN)][:SHOWN])


def _titled(rows: pd.DataFrame) -> pd.DataFrame:
    """The catalog's columns in a fixed order and under their titles; another table as it is."""
    known = [name for name in FIELD_TITLES if name in rows]
    if "path" not in known:
        return rows
    if (rows["image_id"] == rows["path"]).all():  # the path is the id
        known.remove("image_id")
    return rows[known].rename(columns=FIELD_TITLES)
