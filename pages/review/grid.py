"""Review: the grid of photos, used by keys. A key draws at once in the browser, and is saved without a new page."""

import base64
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from pydantic import TypeAdapter, ValidationError

from pages.review.screen import Action, Screens
from pages.widgets.markdown import literal
from pages.widgets.review import NO_ANSWERS
from pages.widgets.shown_photo import ShownPhotos
from wildcam.counting import counted
from wildcam.data.reviews import Decision, Review
from wildcam.data.thumbnails import GALLERY_SIDE
from wildcam.errors import ImageError, WildcamError
from wildcam.settings import load_settings

KEYS = 10
"""Labels that have a key."""
_ACTIONS = TypeAdapter(list[Action])
_HERE = Path(__file__).parent
_NO_PHOTO = (
    "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 3'>"
    "<text x='2' y='1.6' font-size='.3' fill='white' text-anchor='middle'>cannot be read</text></svg>"
)


@st.fragment
def draw_grid(screens: Screens) -> None:
    """The photos of a screen. Runs alone after every key: nothing else of the page is drawn again."""
    _do(screens)
    if not screens.now:
        _draw_end(screens)
        return
    _draw_photos(screens)
    _component("wildcam_review_grid", "grid")(
        key="review_grid",
        data=grid_state(screens),
        on_actions_change=lambda: None,
        default={"actions": []},
    )


def _do(screens: Screens) -> None:
    sent = st.session_state.get("review_grid", {}).get("actions", [])
    try:
        screens.do(_ACTIONS.validate_python(sent))
    except ValidationError:
        st.error("The browser sent what this page does not know: load it again.", icon=":material/error:")
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")


def _draw_end(screens: Screens) -> None:
    st.success(
        f"That was all: {counted(len(screens.rows), 'photo')}. Choose another order, or load the page again.",
        icon=":material/done_all:",
    )
    if st.button("Back", icon=":material/arrow_back:", key="review_back"):
        screens.back()
        st.rerun()


def grid_state(screens: Screens) -> dict[str, Any]:
    """What the grid draws, `grid.js` says how."""
    reviews = screens.source.reviews(load_settings().home).by_path
    table = screens.source.queue.table
    rows = screens.now
    states = {row: reviews[photo.name] for row, photo in screens.shown.items() if photo.name in reviews}
    last = screens.first + len(rows)
    return {
        "screen": screens.screen,
        "answered": screens.answered,
        "photos": [_describe(table.iloc[row], row, screens) for row in rows],
        "states": {str(row): _said(review) for row, review in states.items()},
        "keys": _most_frequent(screens),
        "labels": list(screens.source.labels),
        "said": f"{screens.first + 1:,} to {last:,} of {counted(len(screens.rows), 'photo')}. "
        f"{len(states)} of the {len(rows)} here are reviewed and saved.",
    }


def _describe(photo: pd.Series, row: int, screens: Screens) -> dict[str, Any]:
    confidence = f" {photo['confidence']:.0%}" if pd.notna(photo["confidence"]) else ""
    time = f"{photo['taken_at']:%Y-%m-%d %H:%M}" if pd.notna(photo["taken_at"]) else ""
    return {
        "id": row,
        "says": (photo["predicted"] or "no label") + confidence,
        "more": " · ".join(filter(None, (photo["location"], time))),
        "burst": int(photo["burst"]),
        "group": int(photo["group"]),
        "frames": screens.frames(row),
    }


def _said(review: Review) -> str:
    if not review.has_label:
        return Decision(review.decision).display
    return f"✓ {review.label}" if review.confirms else review.label


def _most_frequent(screens: Screens) -> list[str]:
    return [label for label in screens.source.queue.answers if label not in NO_ANSWERS][:KEYS]


def _draw_photos(screens: Screens) -> None:
    """Of this screen and the next one, for the grid: the same until the screen changes, so sent once."""
    shown = ShownPhotos()
    table, root = screens.source.queue.table, screens.source.queue.root
    photos = {str(row): _source(shown, root / table["path"].iloc[row]) for row in (*screens.now, *screens.ahead)}
    shown.trim()
    _component("wildcam_review_photos", "photos")(key="review_photos", data=photos)


def _source(shown: ShownPhotos, path: Path) -> str:
    try:
        return f"data:image/jpeg;base64,{base64.b64encode(shown.get(path, GALLERY_SIDE).jpeg).decode()}"
    except ImageError:
        return _NO_PHOTO


def _component(name: str, file: str) -> Any:
    html = '<div class="review"></div>' if file == "grid" else ""
    return st.components.v2.component(name, html=html, css=_text(f"{file}.css"), js=_text(f"{file}.js"))


@cache
def _text(name: str) -> str:
    path = _HERE / name
    return path.read_text(encoding="utf-8") if path.exists() else ""
