"""Against the truth: the images that are worth a look."""

import streamlit as st

from pages.evaluation.evaluated import Evaluated
from pages.widgets.chart import draw_download
from pages.widgets.photo_grid import PhotoCard, choose_page, draw_photo_grid
from pages.widgets.url_state import url_param
from wildcam.evaluation.inspection import ReviewReason, inspect

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
    if not found.empty:
        draw_download(
            found,
            key="truth_inspected",
            name=evaluated.file(worth.replace(" ", "-")),
            label=f"All {len(found):,} as CSV",
        )
    root = evaluated.batch.metadata.root
    draw_photo_grid(
        (
            PhotoCard(
                row["image_id"], root / row["path"], f"{row['ground_truth']}, called {row['label']}\n{row['why']}"
            )
            for _, row in choose_page(found).iterrows()
        ),
        key="truth_open",
        open_photo=_open,
        empty="None.",
    )


def _open(image_id: str) -> None:
    st.query_params.update({"view": "photos", "image": image_id})
