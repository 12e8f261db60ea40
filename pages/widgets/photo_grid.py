"""Photos as cards in a grid, page by page, and photos side by side: for every page that shows many."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.widgets.markdown import literal
from pages.widgets.shown_photo import PERSON_BLURRED, ShownPhotos
from pages.widgets.url_state import url_value
from wildcam.data.thumbnails import GALLERY_SIDE, outline
from wildcam.errors import DataError, ImageError

PAGE_LENGTH = 12
Box = tuple[float, ...]
"""x, y, width, height, relative to the image, origin top left."""


@dataclass(frozen=True)
class PhotoCard:
    """One photo of a grid or a pair."""

    image_id: str
    path: Path | DataError  # the file, or why it must not be opened
    caption: str = ""  # plain text, may have several lines; also what a screen reader says
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class PhotoPair:
    """Two photos to compare, each with a title, and a caption below both."""

    titles: tuple[str, str]
    photos: tuple[PhotoCard, PhotoCard]
    caption: str


def choose_page(rows: pd.DataFrame, length: int = PAGE_LENGTH) -> pd.DataFrame:
    """Draw previous, next and page numbers where one page is not enough; the rows of the page that `?page=` names."""
    pages = -(-len(rows) // length)
    page = st.pagination(pages, **_url_page(pages)) if pages > 1 else 1
    return rows.iloc[(page - 1) * length : page * length]


def draw_photo_grid(
    cards: Iterable[PhotoCard], *, key: str, open_photo: Callable[[str], None], empty: str = "No photos."
) -> None:
    """A card for each photo, whose button calls `open_photo` with its id; the sentence `empty` where there is none."""
    cards = list(cards)
    if not cards:
        st.info(empty, icon=":material/info:")
        return
    shown = ShownPhotos()
    grid = st.grid(4, min_column_width=140, border=True)
    for card in cards:
        with grid.cell():
            _draw(shown, card, GALLERY_SIDE)
            st.text(card.caption)
            st.button(
                "Open",
                key=f"{key}_{card.image_id}",
                icon=":material/zoom_in:",
                width="stretch",
                on_click=open_photo,
                args=(card.image_id,),
            )
    shown.trim()


def draw_photo_pairs(pairs: Iterable[PhotoPair]) -> None:
    """Each pair in a frame, two frames in a row."""
    shown = ShownPhotos()
    grid = st.grid(2, min_column_width=280, border=True)
    for pair in pairs:
        with grid.cell():
            for column, title, photo in zip(st.columns(2), pair.titles, pair.photos, strict=True):
                with column:
                    st.caption(literal(title))
                    _draw(shown, photo, GALLERY_SIDE)
            st.text(pair.caption)
    shown.trim()


def draw_photo(photo: PhotoCard, side: int) -> None:
    """One photo, its longest side at most `side` px, without its caption; a sentence where it cannot be read."""
    shown = ShownPhotos()
    _draw(shown, photo, side)
    shown.trim()


def _draw(shown: ShownPhotos, photo: PhotoCard, side: int) -> None:
    try:
        if isinstance(photo.path, DataError):
            raise photo.path
        content, is_blurred = shown.get(photo.path, side)
    except (DataError, ImageError) as error:
        st.markdown(":material/broken_image: **No photo**")
        st.text(str(error))
    else:
        alt = ", ".join(photo.caption.splitlines()) or f"Photo {photo.image_id}"
        if is_blurred:
            alt = f"{alt}. {PERSON_BLURRED}"
        st.image(outline(content, photo.boxes) if photo.boxes else content, width="stretch", alt=alt)
        if is_blurred:
            st.caption(PERSON_BLURRED)


def _url_page(pages: int) -> dict[str, Any]:
    """As `url_param`, for the pagination of so many pages, in the address as `?page=NUMBER`."""

    def read(text: str) -> int:
        if not 1 <= int(text) <= pages:
            raise ValueError(text)
        return int(text)

    return url_value("page", 1, read)
