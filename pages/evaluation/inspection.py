"""Evaluation: the photos to review, and any photos of an evaluation."""

import pandas as pd
import streamlit as st

from pages.evaluation.evaluated import Evaluated
from pages.widgets.chart import draw_download
from pages.widgets.photo_grid import PhotoCard, choose_page, draw_photo_grid
from pages.widgets.segments import choose_segment
from wildcam.evaluation.inspection import ReviewReason, review_queue
from wildcam.predictions.looking_columns import evidence_boxes

OPENED = "evaluation_image"
MEANING = {
    ReviewReason.HIGH_CONFIDENCE_ERROR: "Wrong answers, the highest confidence first.",
    ReviewReason.HARDEST: "The lowest probability of the ground truth first.",
    ReviewReason.DISAGREEMENT: (
        "Fewest votes for the answer first: of the views of a photo, or of the photos of a burst."
    ),
    ReviewReason.LABEL_ERROR: (
        "Labels that the model contradicts (confident learning, Northcutt et al. 2021), the most suspected first. "
        "Often the model is wrong and not the label: check the photo before you correct the label "
        "(Explore, Species, Labels). "
        "Valid only for photos that the model was not trained on."
    ),
}


def draw_review(evaluated: Evaluated) -> None:
    reason = choose_segment("Review", ReviewReason, "review", forget=("page",))
    st.caption(MEANING[reason])
    found = review_queue(evaluated.scored, reason, two_stages=evaluated.batch.metadata.has_two_stages)
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
    root = evaluated.batch.metadata.root
    on_page = choose_page(rows)
    boxes = evidence_boxes(evaluated.batch.rows_of(on_page["image_id"].tolist()))
    draw_photo_grid(
        (
            PhotoCard(
                row["image_id"],
                root / row["path"],
                _caption(row),
                (boxes[row["image_id"]],) if row["image_id"] in boxes else (),
            )
            for _, row in on_page.iterrows()
        ),
        key="evaluation_open",
        open_photo=_open,
    )
    if image := st.session_state.pop(OPENED, None):
        st.switch_page("pages/batch/page.py", query_params={"run": evaluated.batch.run.id, "image": image})


def _caption(row: pd.Series) -> str:
    return f"{row['path']}\nground truth {row['ground_truth']}, predicted as {row['label']}\n{row['why']}"


def _open(image_id: str) -> None:
    """A callback may not change the page: the photo is opened after it."""
    st.session_state[OPENED] = image_id
