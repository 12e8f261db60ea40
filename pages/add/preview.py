"""Add data: a look at what would be added, before anything is kept."""

import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.add.columns import TITLES
from pages.add.request import ImportRequest
from pages.widgets.facts import draw_facts
from pages.widgets.markdown import literal
from pages.widgets.remarks import draw_remarks
from wildcam.data.catalog import Remark
from wildcam.data.importers import IMPORTERS, ColumnMap, ImportOptions, preview, read
from wildcam.data.importers.contract import PREVIEW_ROWS
from wildcam.data.labels import LabelPolicy
from wildcam.errors import DataError

WHOLE_BYTES = 16 * 1024**2
"""A table up to this size is read whole for the preview; of a larger one only its beginning."""

SAMPLE = 50
"""Images that are looked for."""

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
    """What is known once a source was read to its end."""

    images: int
    locations: int
    labels: tuple[str, ...]
    remarks: tuple[Remark, ...]
    sample: tuple[str, ...]  # evenly spaced paths
    root: Path


@dataclass(frozen=True)
class ImportPreview:
    """The first rows under the fields' titles, and the figures where the whole source was read."""

    rows: pd.DataFrame
    whole: SourceSummary | None


def preview_source(request: ImportRequest) -> ImportPreview:
    """Look at what was chosen, or remember what was seen: unchanged files are read once. Raises `DataError`."""
    options = dataclasses.replace(request.options(), detector=None)  # large, and says nothing of the rows
    stamps = tuple(
        given.stamp if given else None for given in (request.source, request.more.test, request.more.ground_truth)
    )
    return _preview_source(request.source.path, stamps, request.format, options)


def draw_preview(preview: ImportPreview, *, with_files: bool) -> None:
    """The first rows, what they hold, and how labels would be read; `with_files`: the images should be there."""
    times = (
        {TITLES["datetime"]: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm:ss")} if preview.whole else None
    )
    st.dataframe(preview.rows, hide_index=True, key="add_rows", placeholder="–", column_config=times)
    if preview.whole is None:
        st.caption(
            "These are the first photos; the others are read when the data set is added. How its labels are read "
            "can be changed later in Explore."
        )
        return
    _draw_figures(preview.whole, with_files)
    _draw_labels(preview.whole.labels)
    _draw_remarks(preview.whole.remarks)


def _draw_figures(whole: SourceSummary, with_files: bool) -> None:
    cards = st.grid(min_column_width=130)
    cards.metric("Photos", f"{whole.images:,}", border=True)
    cards.metric("Cameras", f"{whole.locations:,}", border=True)
    cards.metric("Labels", f"{len(whole.labels):,}", border=True)
    if not with_files:
        return
    count = len(whole.sample)
    found = sum(os.path.exists(whole.root / path) for path in whole.sample)
    cards.metric("Files found", f"{found} of {count}", border=True, help=f"{count} photos were looked for.")
    if found < count:
        st.warning(
            f"{count - found} of {count} photos that were looked for are not in {literal(str(whole.root))}. "
            "They would have figures, but no photo. Name the right folder under *More files*.",
            icon=":material/image_search:",
        )


def _draw_labels(labels: tuple[str, ...]) -> None:
    if not labels:
        st.info("No photo has a label: models cannot learn from it.", icon=":material/label_off:")
        return
    policy = LabelPolicy.suggest(labels)
    animals = len(labels) - len(policy.empty) - len(policy.other)
    st.markdown("**How labels would be read**")
    draw_facts(
        {
            "Empty": ", ".join(policy.empty) or "no label",
            "Neither": ", ".join(policy.other) or "no label",
            "Animals": f"every other label ({animals:,})",
        }
    )
    st.caption("This can be changed later in Explore.")


def _draw_remarks(remarks: tuple[Remark, ...]) -> None:
    if remarks:
        with st.expander(f"To note: {len(remarks)}", icon=":material/info:"):
            draw_remarks(remarks)


@st.cache_data(max_entries=20, ttl="10m", show_spinner="Reading …")
def _preview_source(
    path: Path, stamps: tuple[tuple[int, int] | None, ...], format: str, options: ImportOptions
) -> ImportPreview:
    try:
        importer = IMPORTERS[format]
        is_small = path.is_file() and path.stat().st_size <= WHOLE_BYTES
        if importer.preview is None or is_small:
            return _read_whole(path, format, options)
        seen = preview(path, format, options)
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): expected files that may be read.") from error
    if isinstance(seen.columns, ColumnMap):
        columns = {title: getattr(seen.columns, name) for name, title in TITLES.items()}
        rows = pd.DataFrame({title: seen.rows[name] for title, name in columns.items() if name})
        return ImportPreview(rows, None)
    return ImportPreview(_titled(seen.rows), None)


def _read_whole(path: Path, format: str, options: ImportOptions) -> ImportPreview:
    imported = read(path, format=format, options=options)
    index = imported.index
    rows = _titled(index.dropna(axis="columns", how="all").head(PREVIEW_ROWS))
    whole = SourceSummary(
        images=len(index),
        locations=index["location"].nunique(),
        labels=tuple(sorted(index["label"].dropna().unique())),
        remarks=imported.remarks,
        sample=tuple(index["path"].iloc[:: max(1, len(index) // SAMPLE)][:SAMPLE]),
        root=imported.root,
    )
    return ImportPreview(rows, whole)


def _titled(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns that the catalog knows, in one order and under their titles; those of another table as they are."""
    known = [name for name in FIELD_TITLES if name in rows]
    if "path" not in known:
        return rows
    if (rows["image_id"] == rows["path"]).all():  # the file serves as the number
        known.remove("image_id")
    return rows[known].rename(columns=FIELD_TITLES)
