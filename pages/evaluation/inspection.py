"""Evaluation: the photos to review, and any photos of an evaluation."""

import pandas as pd
import streamlit as st

from pages.batch.image import draw_image
from pages.evaluation.evaluated import Evaluated
from pages.explore.chart import draw_download
from pages.widgets.segments import choose_segment
from pages.widgets.url_state import url_page
from wildcam.data.thumbnails import GALLERY_SIDE
from wildcam.evaluation.inspection import ReviewReason, review_queue

PAGE = 12
MEANING = {
    ReviewReason.HIGH_CONFIDENCE_ERROR: "Wrong answers, the highest confidence first.",
    ReviewReason.HARDEST: "The lowest probability of the ground truth first.",
    ReviewReason.DISAGREEMENT: "Fewest votes for the answer first: of the views of a photo, or of the photos of a burst.",
    ReviewReason.LABEL_ERROR: (
        "Labels that the model contradicts (confident learning, Northcutt et al. 2021), the most suspected first. Often the model "
        "is wrong and not the label: check the photo before you correct the label (Explore, Labels). Valid only for photos that "
        "the model was not trained on."
    ),
}


def draw_review(evaluated: Evaluated) -> None:
    reason = choose_segment("Review", ReviewReason, "review", forget=("page",))
    st.caption(MEANING[reason])
    found = review_queue(evaluated.scored, reason, two_stages=evaluated.batch.facts.has_two_stages)
    if found.empty:
        st.info("Nothing to review.", icon=":material/info:")
        return
    draw_download(
        found,
        key="evaluation_review",
        name=evaluated.file(reason.replace("_", "-")),
        label=f"All {len(found):,} as CSV",
    )
    draw_photos(evaluated, found)


def draw_photos(evaluated: Evaluated, rows: pd.DataFrame) -> None:
    """Page by page; `rows` with `image_id, path, ground_truth, label` and `why`, a short text."""
    pages = -(-len(rows) // PAGE)
    page = st.pagination(pages, **url_page(pages)) if pages > 1 else 1
    cards = st.grid(4, min_column_width=140, border=True)
    for _, row in rows.iloc[(page - 1) * PAGE : page * PAGE].iterrows():
        with cards.cell():
            _draw_one(evaluated, row)


def _draw_one(evaluated: Evaluated, row: pd.Series) -> None:
    draw_image(evaluated.batch.facts.root / row["path"], GALLERY_SIDE)
    st.text(f"{row['path']}\nground truth {row['ground_truth']}, predicted as {row['label']}\n{row['why']}")
    st.page_link(
        "pages/batch/page.py",
        label="Enlarge",
        icon=":material/zoom_in:",
        query_params={"run": evaluated.batch.run.id, "image": row["image_id"]},
    )
