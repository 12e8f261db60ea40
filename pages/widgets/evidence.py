"""A photo under the evidence of a model, with the box of the strongest region."""

import streamlit as st

from pages.widgets.markdown import literal
from pages.widgets.photo_grid import PhotoCard, draw_photo
from pages.widgets.shown_photo import ShownPhotos
from wildcam.errors import DataError, ImageError
from wildcam.serving.evidence import Evidence
from wildcam.serving.heat import photo_under_evidence


def draw_evidence(photo: bytes, evidence: Evidence) -> None:
    """`photo`: an encoded image, upright."""
    st.image(
        photo_under_evidence(photo, evidence),
        width="stretch",
        alt=f"Evidence for {evidence.subject}",
        caption=f"Evidence for “{literal(evidence.subject)}”. Yellow: strongest",
    )
    if evidence.box is None:
        st.caption(f"No part of the photo speaks for “{literal(evidence.subject)}”.")
    else:
        st.caption(
            "The frame holds the largest region of strong evidence. It is not a detection: it may hold several "
            "animals, a part of one, or none."
        )


def draw_photo_with_evidence(photo: PhotoCard, evidence: Evidence | None, side: int) -> None:
    """One photo, its longest side at most `side` px: as it is, or under the evidence, where there is any and the photo
    is not blurred.
    """
    shown = ShownPhotos()
    if evidence is None or isinstance(photo.path, DataError) or shown.is_blurred(photo.path):
        draw_photo(photo, side)
        return
    views = ("Photo", "Evidence")
    if st.segmented_control("View", views, default=views[1], required=True, key="photo_view") == views[0]:
        draw_photo(photo, side)
        return
    try:
        content = shown.get(photo.path, side).jpeg
    except ImageError:
        draw_photo(photo, side)  # which says why
        return
    draw_evidence(content, evidence)
