"""Identify: answers as they come, with a way to stop and to go on."""

import streamlit as st

from pages.identify.answers import Answers, answer_rest
from pages.identify.grid import SHOWN, draw_card
from pages.identify.verdict import draw_table
from wildcam.counting import counted
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.two_stage_classifier import TwoStageClassifier

TABLE_ROWS = 500
"""Rows of the growing table; all of them when it is complete."""

_STOPPED = "identify_stopped"


def draw_progress(answers: Answers, classifier: TwoStageClassifier, options: InferenceOptions) -> None:
    """Classify the photos that have no answer yet. Nothing is left of it on the page when all have one."""
    if answers.are_complete:
        return
    if st.session_state.get(_STOPPED):
        _draw_stopped(answers)
        return
    place = st.empty()
    with place.container():
        bar = st.empty()
        if len(answers.images) > 1:
            st.button("Stop", icon=":material/stop:", key="identify_stop", on_click=_stop)
        grid, table = st.grid(4, min_column_width=140, border=True), st.empty()
        cards = 0
        for given in answer_rest(answers, classifier, options, bar):
            if answers.are_complete:
                break
            for answer in given[cards:SHOWN]:
                with grid.cell():
                    draw_card(answer)
            cards = min(len(given), SHOWN)
            draw_table(given[-TABLE_ROWS:], place=table)
    place.empty()


def _draw_stopped(answers: Answers) -> None:
    done, photos = len(answers.given), counted(len(answers.images), "photo")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"Stopped: {done:,} of {photos} classified.", icon=":material/stop_circle:")
        st.button("Go on", icon=":material/play_arrow:", key="identify_go_on", on_click=_go_on)


def _stop() -> None:
    st.session_state[_STOPPED] = True


def _go_on() -> None:
    st.session_state[_STOPPED] = False
