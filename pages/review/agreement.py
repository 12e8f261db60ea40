"""Review: where reviewers say different things, and how well they agree."""

from pathlib import Path

import streamlit as st

from pages.review.source import ReviewSource
from pages.widgets.attempt import attempt
from pages.widgets.photo_grid import PhotoCard, draw_photo
from wildcam.data.reviews import SETTLES, Review, Reviews
from wildcam.data.thumbnails import GALLERY_SIDE
from wildcam.review.agreement import agreement, conflicts
from wildcam.settings import load_settings

SHOWN = 20


def draw_agreement(source: ReviewSource) -> None:
    reviews = Reviews(load_settings().home)
    history = reviews.history(source.queue.root)
    pairs, open_ones = agreement(history), conflicts(history)
    if pairs.empty:
        st.info("No photo was reviewed by two people yet.", icon=":material/group:")
        return
    st.dataframe(
        pairs.assign(agreement=pairs["agreement"] * 100),
        hide_index=True,
        key="review_agreement",
        column_config={
            "first": "Reviewer",
            "second": "and",
            "photos": st.column_config.NumberColumn("Photos of both", format="localized"),
            "agreement": st.column_config.NumberColumn("Same label", format="%.0f%%"),
            "kappa": st.column_config.NumberColumn(
                "Cohen's kappa", format="%.2f", help="1: full agreement; 0: as by chance."
            ),
        },
    )
    st.subheader(f"Conflicts: {len(open_ones):,}", anchor=False)
    if len(open_ones) > SHOWN:
        st.caption(f"The first {SHOWN} are shown. Until one is settled, the latest review counts.")
    for row in open_ones.head(SHOWN).to_dict("records"):
        _draw_conflict(reviews, source, Path(row["path"]), dict(zip(row["reviewers"], row["labels"], strict=True)))


def _draw_conflict(reviews: Reviews, source: ReviewSource, path: Path, said: dict[str, str]) -> None:
    name = path.relative_to(source.queue.root.absolute()).as_posix()
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width=160):
            draw_photo(PhotoCard(name, path, name), GALLERY_SIDE)
        st.text("\n".join([name, *(f"{reviewer or 'somebody'}: {label}" for reviewer, label in said.items())]))
        last = reviews.said_of(path) or Review(name, "", "", str(path))
        for label in dict.fromkeys(said.values()):
            settled = Review(name, last.predicted, label, str(path), reason=SETTLES, sample=last.sample)
            st.button(label, key=f"review_settle_{name}_{label}", on_click=attempt, args=(reviews.add_all, [settled]))
