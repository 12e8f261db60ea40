"""Many images as cards, two side by side, and one image with all that is known of it."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from pages.widgets.facts import draw_facts
from wildcam.data.boxes import BOX_COLUMNS, CONFIDENT_BOX
from wildcam.data.catalog import Dataset
from wildcam.data.thumbnails import GALLERY_SIDE, LARGE_SIDE, Thumbnails, outline
from wildcam.errors import WildcamError
from wildcam.settings import load_settings

ROLE_WORDS = {"animal": "an animal", "empty": "nothing (empty)", "other": "neither an animal nor nothing"}
STATUS_WORDS = {"ok": "there", "missing": "not found", "unreadable": "cannot be read"}
Box = tuple[float, ...]


def draw_gallery(
    dataset: Dataset,
    rows: pd.DataFrame,
    *,
    key: str,
    open_image: Callable[[str], None],
    notes: Mapping[str, str] = {},
    with_boxes: bool = False,
) -> None:
    """A card for each of the few rows; a button on each calls `open_image` with its id.

    `notes` adds a line to the caption of an image id, `with_boxes` the outline of the surest animal.
    """
    thumbnails = _thumbnails()
    cards = st.grid(4, min_column_width=140, border=True)
    for _, row in rows.iterrows():
        boxes = [tuple(row[list(BOX_COLUMNS)])] if with_boxes and row[list(BOX_COLUMNS)].notna().all() else []
        with cards.cell():
            _draw_image(dataset, thumbnails, row["path"], boxes=boxes)
            st.text("\n".join(filter(None, [_caption(row), notes.get(row["image_id"], "")])))
            st.button(
                "Look closer",
                key=f"{key}_{row['image_id']}",
                icon=":material/zoom_in:",
                width="stretch",
                on_click=open_image,
                args=(row["image_id"],),
            )
    thumbnails.trim()


def draw_pair(dataset: Dataset, rows: Mapping[str, pd.Series]) -> None:
    """Images side by side, each under a title."""
    thumbnails = _thumbnails()
    for column, (title, row) in zip(st.columns(len(rows)), rows.items(), strict=True):
        with column:
            st.caption(title)
            _draw_image(dataset, thumbnails, row["path"])
    thumbnails.trim()


def draw_image(dataset: Dataset, row: pd.Series) -> None:
    """One row of the catalog's table: its image large, and its facts."""
    detections = dataset.detections_of(row["image_id"])
    image, facts = st.columns([3, 2])
    with facts:
        draw_facts(describe(row))
        boxes = _draw_box_choice(detections, row)
    with image:
        _draw_image(dataset, _thumbnails(), row["path"], side=LARGE_SIDE, boxes=boxes)


def describe(row: pd.Series) -> dict[str, str]:
    """What is known of an image, in words, by name."""
    known = row.drop(labels=["image_id", "path"]).dropna()
    facts = {
        "Label": known.get("label", "none"),
        "Shows": ROLE_WORDS.get(known.get("role", ""), "not known"),
        "Label in the source": known.get("source_label") if known.get("source_label") != known.get("label") else None,
        "Second label": known.get("second_label"),
        "Camera": known.get("location"),
        "Taken": f"{known['taken_at']:%Y-%m-%d %H:%M:%S}" if "taken_at" in known else None,
        "Burst": known.get("sequence_id"),
        "Place in the burst": known.get("frame"),
        "Size": f"{known['width']} × {known['height']} px" if {"width", "height"} <= set(known.index) else None,
        "Side in the source": known.get("given_split"),
        "Detector": _detector_words(known.get("detector_confidence")),
        "File": f"{row['path']} ({STATUS_WORDS[row['status']]})",
        "Number": row["image_id"],
    }
    return {name: str(value) for name, value in facts.items() if value is not None}


def _draw_box_choice(detections: pd.DataFrame, row: pd.Series) -> list[Box]:
    """A switch for the detector's boxes, and how sure they have to be; the boxes to draw."""
    if detections.empty:
        return []
    least = st.slider(
        "Boxes of the detector, at least this sure",
        0.0,
        1.0,
        CONFIDENT_BOX,
        0.05,
        key="gallery_least_confidence",
        help="The detector gives many boxes that it hardly believes in.",
    )
    shown = detections[detections["confidence"] >= least]
    words = [f"{box.category} {box.confidence:.0%}" for box in shown.itertuples()]
    st.caption(f"{len(shown)} of {len(detections)} boxes" + (": " + ", ".join(words) if words else "."))
    return list(shown[["x", "y", "width", "height"]].dropna().itertuples(index=False, name=None))


def _detector_words(confidence: float | None) -> str:
    if confidence is None:
        return "has not looked"
    return f"{confidence:.0%} sure of an animal" if confidence else "found no animal"


def _caption(row: pd.Series) -> str:
    label = row["label"] if pd.notna(row["label"]) else "no label"
    camera = f"camera {row['location']}" if pd.notna(row["location"]) else ""
    time = f"{row['taken_at']:%Y-%m-%d %H:%M}" if pd.notna(row["taken_at"]) else ""
    return "\n".join(filter(None, [label, camera, time]))


def _draw_image(
    dataset: Dataset, thumbnails: Thumbnails, path: str, *, side: int = GALLERY_SIDE, boxes: list[Box] | None = None
) -> None:
    try:
        image = thumbnails.get(dataset.image_path(path), side)
    except WildcamError as error:
        st.markdown(":material/broken_image: **No photo**")
        st.text(str(error))
    else:
        st.image(outline(image, boxes) if boxes else image, width="stretch", alt="")


def _thumbnails() -> Thumbnails:
    return Thumbnails(load_settings().cache_dir / "thumbnails")
