"""Identify: the photos with their verdicts as cards, and the one that is shown with all its votes."""

import pandas as pd
import streamlit as st

from pages.identify.answers import Answer, upload_pixels
from pages.widgets.markdown import literal
from pages.widgets.photo_grid import PAGE_LENGTH, choose_page
from wildcam.data.thumbnails import GALLERY_SIDE
from wildcam.serving.two_stage import VerdictSource

SHOWN = PAGE_LENGTH
CHOSEN = "identify_image"


def choose_answer(answers: list[Answer]) -> int:
    """Draw which answer is shown, with buttons, and arrow keys, for the one before and after it; its number."""
    st.session_state[CHOSEN] = min(st.session_state.get(CHOSEN, 0), len(answers) - 1)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    number: int = row.selectbox(
        "Details of",
        range(len(answers)),
        format_func=lambda number: f"{number + 1}. {answers[number].image.name}",
        key=CHOSEN,
    )
    steps = (("Previous", "Left", -1, number == 0), ("Next", "Right", 1, number == len(answers) - 1))
    for label, key, step, is_end in steps:
        row.button(
            label,
            shortcut=key,
            key=f"identify_{label.lower()}",
            disabled=is_end,
            on_click=_show,
            args=(number + step,),
        )
    return number


def draw_grid(answers: list[Answer]) -> None:
    """A card for each photo, page by page; a button on each shows its details."""
    numbers = choose_page(pd.DataFrame({"number": range(len(answers))}))["number"]
    grid = st.grid(4, min_column_width=140, border=True)
    for number in numbers.tolist():
        with grid.cell():
            draw_card(answers[number])
            st.button(
                "Details",
                key=f"identify_open_{number}",
                icon=":material/zoom_in:",
                width="stretch",
                on_click=_show,
                args=(number,),
            )


def draw_card(answer: Answer) -> None:
    """A photo, its verdict and its name."""
    verdict, name = answer.verdict, answer.image.name
    if verdict.source is VerdictSource.FAILURE:
        st.markdown(":material/broken_image: **failed**")
    else:
        content = answer.image.file.content()
        st.image(upload_pixels().preview(content, GALLERY_SIDE), width="stretch", alt=f"{name}, {verdict.label}")
        st.markdown(f"**{literal(verdict.label)}** {verdict.confidence:.0%}")
    st.caption(literal(name))


def _show(number: int) -> None:
    st.session_state[CHOSEN] = number
