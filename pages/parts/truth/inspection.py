"""Against the truth: the photographs that are worth a look."""

import pandas as pd
import streamlit as st

from pages.parts.address import tied, tied_page
from pages.parts.batch.picture import draw_picture
from pages.parts.explore.chart import draw_download
from pages.parts.truth.evaluated import Evaluated
from wildcam.data.thumbnails import GALLERY_SIDE
from wildcam.evaluation.inspection import Worth, inspect

PAGE = 12
MEANING = {
    Worth.SURE_AND_WRONG: "Wrong answers, the surest first.",
    Worth.HARDEST: "The lower the probability of what is shown, the earlier.",
    Worth.DISAGREEING: "Fewest votes for the answer first: of the views of a photograph, or of the photographs of a burst.",
    Worth.LABEL: (
        "Labels that the model doubts (confident learning, Northcutt et al. 2021), the most suspected first. Often the model is wrong "
        "and not the label: look, then correct the label in the section Labels of Explore. Only of photographs that it did not learn from."
    ),
}  # fmt: skip


def draw_inspection(evaluated: Evaluated) -> None:
    worth = Worth(
        st.segmented_control(
            "Worth a look", list(Worth), required=True, format_func=str.capitalize, label_visibility="collapsed",
            **tied("worth", Worth, forget=("page",)),
        )
    )  # fmt: skip
    st.caption(MEANING[worth])
    found = inspect(evaluated.judged, worth, two_stages=evaluated.batch.facts.has_two_stages)
    if found.empty:
        st.info("None.", icon=":material/info:")
        return
    draw_download(
        found, key="truth_inspected", name=evaluated.file(worth.replace(" ", "-")), label=f"All {len(found):,} as CSV"
    )
    pages = -(-len(found) // PAGE)
    page = st.pagination(pages, **tied_page(pages)) if pages > 1 else 1
    cards = st.grid(4, min_column_width=140, border=True)
    for _, row in found.iloc[(page - 1) * PAGE : page * PAGE].iterrows():
        with cards.cell():
            _draw_one(evaluated, row)


def _draw_one(evaluated: Evaluated, row: pd.Series) -> None:
    draw_picture(evaluated.batch.facts.root / row["path"], GALLERY_SIDE)
    st.text(f"{row['truth']}, called {row['label']}\n{row['why']}")
    st.button(
        "Look closer", key=f"truth_open_{row['image_id']}", icon=":material/zoom_in:", width="stretch",
        on_click=st.query_params.update, args=({"view": "Photographs", "photograph": row["image_id"]},),
    )  # fmt: skip
