"""Three drawn photos that a model answers on a click, in place."""

import streamlit as st

from pages.widgets.classification_lock import classification_lock
from pages.widgets.markdown import literal
from wildcam.demo.examples import Example, draw_examples
from wildcam.errors import BundleError
from wildcam.serving.bundle import Bundle, demo_pair
from wildcam.serving.two_stage import Verdict
from wildcam.serving.two_stage_classifier import TwoStageClassifier, load_two_stage
from wildcam.settings import Settings

ANSWERS = "home_answers"


@st.cache_data(show_spinner="Drawing three photos …")
def _examples() -> list[Example]:
    return draw_examples()


@st.cache_resource(max_entries=1, show_spinner="Loading the demo models …", hash_funcs={Bundle: repr})
def _load(empty: Bundle, species: Bundle) -> TwoStageClassifier:
    return load_two_stage(empty, species)


def draw_try_out(settings: Settings) -> None:
    """Nothing where the demo models are not here: others were not made for drawn photos."""
    if (pair := demo_pair(settings.model_dirs)) is None:
        return
    st.subheader("Try it", anchor=False)
    st.caption("Drawn photos, answered by the demo models. Neither has seen them.")
    grid = st.grid(3, min_column_width=150)
    answers: dict[str, Verdict] = st.session_state.setdefault(ANSWERS, {})
    for example in _examples():
        with grid.cell():
            st.image(example.jpeg, width="stretch", alt=f"Drawn photo: {example.label}")
            if st.button("Identify", icon=":material/pets:", key=f"home_try_{example.name}", width="stretch"):
                answers[example.name] = _answer(*pair, example)
            if verdict := answers.get(example.name):
                _draw_verdict(verdict, example)


def _answer(empty: Bundle, species: Bundle, example: Example) -> Verdict:
    try:
        classifier = _load(empty, species)
    except BundleError as error:
        st.error(literal(str(error)), icon=":material/error:")
        st.stop()
    with classification_lock().acquire():
        return classifier.identify(example.jpeg)


def _draw_verdict(verdict: Verdict, example: Example) -> None:
    is_right = verdict.label == example.label
    st.badge(f"{literal(verdict.label)} {verdict.confidence:.0%}", color="green" if is_right else "orange")
    st.caption("Correct" if is_right else f"It is: {literal(example.label)}")
