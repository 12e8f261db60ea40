"""Against the truth: the images that are worth a look."""

import pandas as pd
import streamlit as st

from pages.batch.image import draw_image
from pages.evaluation.evaluated import Evaluated
from pages.explore.chart import draw_download
from pages.widgets.url_state import url_page, url_param
from wildcam.data.thumbnails import GALLERY_SIDE
from wildcam.evaluation.inspection import ReviewReason, inspect

PAGE = 12
MEANING = {
    ReviewReason.HIGH_CONFIDENCE_ERROR: "Wrong answers, the surest first.",
    ReviewReason.HARDEST: "The lower the probability of what is shown, the earlier.",
    ReviewReason.DISAGREEING: "Fewest votes for the answer first: of the views of a photo, or of the photos of a burst.",
    ReviewReason.LABEL: (
        "Labels that the model doubts (confident learning, Northcutt et al. 2021), the most suspected first. Often the model is wrong "
        "and not the label: look, then correct the label in the section Labels of Explore. Only of photos that it did not learn from."
    ),
}


def draw_inspection(evaluated: Evaluated) -> None:
    worth = ReviewReason(
        st.segmented_control(
            "Worth a look",
            list(ReviewReason),
            required=True,
            format_func=str.capitalize,
            label_visibility="collapsed",
            **url_param("worth", ReviewReason, forget=("page",)),
        )
    )
    st.caption(MEANING[worth])
    found = inspect(evaluated.scored, worth, two_stages=evaluated.batch.metadata.has_two_stages)
    if found.empty:
        st.info("None.", icon=":material/info:")
        return
    draw_download(
        found, key="truth_inspected", name=evaluated.file(worth.replace(" ", "-")), label=f"All {len(found):,} as CSV"
    )
    pages = -(-len(found) // PAGE)
    page = st.pagination(pages, **url_page(pages)) if pages > 1 else 1
    cards = st.grid(4, min_column_width=140, border=True)
    for _, row in found.iloc[(page - 1) * PAGE : page * PAGE].iterrows():
        with cards.cell():
            _draw_one(evaluated, row)


def _draw_one(evaluated: Evaluated, row: pd.Series) -> None:
    draw_image(evaluated.batch.metadata.root / row["path"], GALLERY_SIDE)
    st.text(f"{row['ground_truth']}, called {row['label']}\n{row['why']}")
    st.button(
        "Look closer",
        key=f"truth_open_{row['image_id']}",
        icon=":material/zoom_in:",
        width="stretch",
        on_click=st.query_params.update,
        args=({"view": "photos", "image": row["image_id"]},),
    )
