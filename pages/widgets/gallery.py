"""The photos of a data set: many as cards, one with all that is known of it."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.widgets.damage import damage_shown
from pages.widgets.facts import draw_facts
from pages.widgets.markdown import literal
from pages.widgets.photo_grid import Box, PhotoCard, draw_photo, draw_photo_grid
from wildcam.counting import counted
from wildcam.data.boxes import BOX_COLUMNS, CONFIDENT_BOX
from wildcam.data.catalog import Dataset, Status
from wildcam.data.labels import LabelRole
from wildcam.data.species_names import SpeciesNames
from wildcam.data.thumbnails import LARGE_SIDE
from wildcam.errors import DataError


def draw_gallery(
    dataset: Dataset,
    rows: pd.DataFrame,
    *,
    key: str,
    open_photo: Callable[[str], None],
    notes: Mapping[str, str] = {},
    with_boxes: bool = False,
) -> None:
    """A card for each of the few rows; a button on each calls `open_photo` with its id.

    `notes` adds a line to the caption of an image id, `with_boxes` the outline of the most confident animal box.
    """
    cards = (
        photo_of(dataset, row, note=notes.get(row["image_id"], ""), with_box=with_boxes) for _, row in rows.iterrows()
    )
    draw_photo_grid(cards, key=key, open_photo=open_photo)


def photo_of(dataset: Dataset, row: pd.Series, *, note: str = "", with_box: bool = False) -> PhotoCard:
    """The card of one row of the catalog's table."""
    has_box = with_box and row[list(BOX_COLUMNS)].notna().all()
    boxes = (tuple(row[list(BOX_COLUMNS)]),) if has_box else ()
    return PhotoCard(
        row["image_id"], _file(dataset, row["path"]), "\n".join(filter(None, [_caption(dataset, row), note])), boxes
    )


def draw_photo_details(dataset: Dataset, row: pd.Series) -> None:
    """One row of the catalog's table: its photo large, and its facts."""
    image, facts = st.columns([3, 2])
    boxes: tuple[Box, ...] = ()
    with facts:
        draw_facts(describe(row, dataset.info.names))
        with damage_shown():
            boxes = _draw_box_slider(dataset.detections_of(row["image_id"]))
    with image:
        draw_photo(dataclasses.replace(photo_of(dataset, row), boxes=boxes), LARGE_SIDE)


def describe(row: pd.Series, names: SpeciesNames) -> dict[str, str]:
    """What is known of an image, in words, by name."""
    known = row.drop(labels=["image_id", "path"]).dropna()
    facts = {
        "Label": names.title(known["label"]) if "label" in known else "none",
        "Role": LabelRole(known["role"]).display if "role" in known else None,
        "Label in the source": known.get("source_label") if known.get("source_label") != known.get("label") else None,
        "Second label": names.title(known["second_label"]) if "second_label" in known else None,
        "Location": known.get("location"),
        "Taken": f"{known['taken_at']:%Y-%m-%d %H:%M:%S}" if "taken_at" in known else None,
        "Burst": known.get("sequence_id"),
        "Frame in the burst": known.get("frame"),
        "Size": f"{known['width']} × {known['height']} px" if {"width", "height"} <= set(known.index) else None,
        "Subset in the source": known.get("given_split"),
        "Detector": _describe_detector(known.get("detector_confidence")),
        "File": row["path"],
        "Status": Status(row["status"]).display,
        "ID": row["image_id"],
    }
    return {name: str(value) for name, value in facts.items() if value is not None}


def _draw_box_slider(detections: pd.DataFrame) -> tuple[Box, ...]:
    """A slider for the least confidence of the detector's boxes; the boxes to draw."""
    if detections.empty:
        return ()
    least = st.slider(
        "Minimum confidence of a box",
        0.0,
        1.0,
        CONFIDENT_BOX,
        0.05,
        key="gallery_least_confidence",
        help="A detector lists many boxes of low confidence.",
    )
    shown = detections[detections["confidence"] >= least]
    boxes = [f"{literal(str(box.category))} {box.confidence:.0%}" for box in shown.itertuples()]
    st.caption(
        f"{len(shown)} of {counted(len(detections), 'box', 'boxes')}" + (": " + ", ".join(boxes) if boxes else ".")
    )
    return tuple(shown[["x", "y", "width", "height"]].dropna().itertuples(index=False, name=None))


def _describe_detector(confidence: float | None) -> str:
    if confidence is None:
        return "not run"
    return f"animal, confidence {confidence:.0%}" if confidence else "no animal found"


def _caption(dataset: Dataset, row: pd.Series) -> str:
    label = dataset.info.names.title(row["label"]) if pd.notna(row["label"]) else "no label"
    location = f"location {row['location']}" if pd.notna(row["location"]) else ""
    time = f"{row['taken_at']:%Y-%m-%d %H:%M}" if pd.notna(row["taken_at"]) else ""
    return "\n".join(filter(None, [label, location, time]))


def _file(dataset: Dataset, path: str) -> Path | DataError:
    try:
        return dataset.image_path(path)
    except DataError as error:
        return error
