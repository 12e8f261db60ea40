"""A review of one answer: confirmed, corrected, or withdrawn; and all reviews, to download."""

from collections.abc import Iterable

import streamlit as st

from pages.widgets.attempt import attempt
from pages.widgets.markdown import literal
from wildcam.data.reviews import Reviews, spelled_as_known
from wildcam.errors import WildcamError
from wildcam.images import Source
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN
from wildcam.settings import load_settings

NO_ANSWERS = (UNKNOWN, FAILED, "")
"""Answers that name nothing, so that nobody can confirm them."""

SHOWN = 100
"""Of all reviews."""


def draw_review(source: Source, name: str, *, predicted: str, classes: Iterable[str], models: str) -> None:
    """`predicted`: the label of the verdict. The content of an upload is kept only on request."""
    reviews = Reviews(load_settings().home)
    known = reviews.of(source)
    labels = sorted({EMPTY, *classes})
    if known:
        st.info(literal(known.sentence), icon=":material/edit:")
        st.button(
            "Withdraw",
            icon=":material/undo:",
            key=f"review_withdraw_{name}",
            on_click=attempt,
            args=(reviews.withdraw, known),
        )
    elif predicted not in NO_ANSWERS and st.button(
        "Confirm", icon=":material/check:", key=f"review_confirm_{name}", help="The answer is right."
    ):
        _save(reviews, source, name=name, predicted=predicted, label=predicted, models=models)
    with st.expander("Correct label", icon=":material/edit:"), st.form("correction", border=False):
        label = st.selectbox(
            "Label",
            [label for label in labels if label != predicted],
            index=None,
            accept_new_options=True,
            placeholder="choose or type a label",
            key=f"correction_{name}",
        )
        keep = isinstance(source, bytes) and st.checkbox(
            "Also keep the photo, for the next training",
            key=f"correction_keep_{name}",
            help="Otherwise only its hash and file name are stored, and the photo is discarded with this session.",
        )
        if st.form_submit_button("Save correction"):
            chosen = spelled_as_known(label or "", [predicted, *labels])
            _save(reviews, source, name=name, predicted=predicted, label=chosen, models=models, keep=keep)


def _save(
    reviews: Reviews, source: Source, *, name: str, predicted: str, label: str, models: str, keep: bool = False
) -> None:
    try:
        reviews.add(source, name=name, predicted=predicted, label=label, models=models, keep=keep)
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")
    else:
        st.rerun()


def draw_all_reviews() -> None:
    """All reviews, to download; nothing where there is none."""
    reviews = Reviews(load_settings().home)
    count = reviews.count()
    if not count:
        return
    with st.expander(f"Reviews: {count:,}", icon=":material/edit_note:"):
        table = reviews.latest(SHOWN)
        if count > SHOWN:
            st.caption(f"The latest {SHOWN} are shown; the file has all.")
        st.dataframe(
            table[["name", "predicted", "label", "decision", "reviewed_at", "reviewed_by"]],
            hide_index=True,
            key="corrections",
            column_config={
                "name": "File",
                "predicted": "Predicted",
                "label": "Reviewed",
                "decision": "Decision",
                "reviewed_at": "Date",
                "reviewed_by": "By",
            },
        )
        st.download_button(
            "Download as CSV",
            reviews.to_csv,
            "corrections.csv",
            "text/csv",
            key="corrections_csv",
            on_click="ignore",
            help="A table that Add data imports. Photos on this machine have their path.",
        )
