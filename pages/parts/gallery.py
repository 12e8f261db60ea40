"""Many photographs as cards, and one photograph with all that is known of it."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.parts.facts import draw_facts
from wildcam.data.catalog import Dataset
from wildcam.data.thumbnails import GALLERY_SIDE, LARGE_SIDE, Thumbnails, outline
from wildcam.errors import WildcamError
from wildcam.settings import load_settings

ROLE_WORDS = {"animal": "an animal", "empty": "nothing (empty)", "other": "neither an animal nor nothing"}
BOX = ["box_x", "box_y", "box_width", "box_height"]
STATUS_WORDS = {"ok": "there", "missing": "not found", "unreadable": "cannot be read"}


def draw_gallery(dataset: Dataset, rows: pd.DataFrame, *, key: str, open_photograph: Callable[[str], None]) -> None:
    """A card for each of the few rows; a button on each calls `open_photograph` with its id."""
    thumbnails = _thumbnails()
    cards = st.grid(4, min_column_width=140, border=True)
    for _, row in rows.iterrows():
        with cards.cell():
            _draw_picture(dataset, thumbnails, row["path"])
            st.text(_caption(row))
            st.button(
                "Look closer", key=f"{key}_{row['image_id']}", icon=":material/zoom_in:", width="stretch",
                on_click=open_photograph, args=(row["image_id"],),
            )  # fmt: skip
    thumbnails.trim()


def draw_photograph(dataset: Dataset, row: pd.Series) -> None:
    """One row of the catalog's table: its picture large, and its facts."""
    picture, facts = st.columns([3, 2])
    with facts:
        draw_facts(describe(row))
        has_box = bool(row[BOX].notna().all())
        show_box = has_box and st.toggle("Show the detector's surest box", key="gallery_show_box")
    with picture:
        _draw_picture(dataset, _thumbnails(), row["path"], side=LARGE_SIDE, box=tuple(row[BOX]) if show_box else None)


def describe(row: pd.Series) -> dict[str, str]:
    """What is known of a photograph, in words, by name."""
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


def _detector_words(confidence: float | None) -> str:
    if confidence is None:
        return "has not looked"
    return f"{confidence:.0%} sure of an animal" if confidence else "found no animal"


def _caption(row: pd.Series) -> str:
    label = row["label"] if pd.notna(row["label"]) else "no label"
    camera = f"camera {row['location']}" if pd.notna(row["location"]) else ""
    time = f"{row['taken_at']:%Y-%m-%d %H:%M}" if pd.notna(row["taken_at"]) else ""
    return "\n".join(filter(None, [label, camera, time]))


def _draw_picture(
    dataset: Dataset,
    thumbnails: Thumbnails,
    path: str,
    *,
    side: int = GALLERY_SIDE,
    box: tuple[float, ...] | None = None,
) -> None:
    try:
        picture = thumbnails.get(dataset.photograph_path(path), side)
    except WildcamError as error:
        st.markdown(":material/broken_image: **No picture**")
        st.text(str(error))
    else:
        st.image(outline(picture, box) if box else picture, width="stretch", alt="")


def _thumbnails() -> Thumbnails:
    return Thumbnails(load_settings().cache_dir / "thumbnails")
