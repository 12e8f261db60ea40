"""Identify: both thresholds, each with its error rates on the model's validation images."""

import streamlit as st

from pages.widgets.glossary import glossary_help
from wildcam.charts.operating import operating_curves
from wildcam.counting import counted
from wildcam.serving.bundle import Bundle
from wildcam.serving.card import EmptyCurve, SpeciesCurve
from wildcam.serving.two_stage import Thresholds

MAX_MISSED = (0.01, 0.05, 0.1)
"""Rates of missed animals to choose a threshold by."""


def choose_thresholds(empty: Bundle, species: Bundle) -> Thresholds:
    """Draw the two thresholds; the defaults are on the models' cards."""
    left, right = st.columns(2)
    with left:
        key = f"identify_from_{empty.name}"
        empty_from = st.slider(
            "Threshold for empty",
            0.0,
            1.0,
            empty.card.empty_threshold,
            0.01,
            key=key,
            help=glossary_help("empty_threshold"),
        )
        if empty.card.empty_curve:
            _draw_empty(empty.card.empty_curve, empty.card.measured_on, empty_from, key)
    with right:
        named_from = st.slider(
            "Threshold for species",
            0.0,
            1.0,
            species.card.unknown_threshold,
            0.01,
            key=f"identify_named_{species.name}",
            help=glossary_help("unknown"),
        )
        if species.card.species_curve:
            _draw_species(species.card.species_curve, species.card.measured_on, named_from)
    return Thresholds(empty_from, named_from)


def _draw_empty(curve: EmptyCurve, measured_on: str, threshold: float, key: str) -> None:
    with st.container(horizontal=True):
        for share in MAX_MISSED:
            st.button(
                f"Miss at most {share:.0%}",
                key=f"identify_miss_{share}",
                on_click=_set,
                args=(key, curve.threshold_missing_at_most(share)),
                help=f"Set the threshold by the missed animals on {measured_on}.",
            )
    missed, retained = curve.at(curve.missed_animals, threshold), curve.at(curve.retained_blanks, threshold)
    st.caption(
        f"On {counted(curve.images, f'{measured_on} photo')}: **{missed:.1%}** missed animals, **{retained:.1%}** "
        "retained blanks (one view per photo)."
    )
    shares = {"Missed animals": curve.missed_animals, "Retained blanks": curve.retained_blanks}
    st.plotly_chart(operating_curves(shares, threshold), key="identify_empty_curve", config={"displayModeBar": False})


def _draw_species(curve: SpeciesCurve, measured_on: str, threshold: float) -> None:
    named, correct = curve.at(curve.named, threshold), curve.at(curve.correct, threshold)
    sentence = (
        f"On {counted(curve.images, f'{measured_on} photo')}: **{named:.1%}** get a species, **{correct:.1%}** of "
        "these are correct (one view per photo)."
    )
    shares = {"Named": curve.named, "Correct, of those named": curve.correct}
    if curve.unseen_named:
        named_unseen = curve.at(curve.unseen_named, threshold)
        unseen = counted(curve.unseen_images, "photo")
        sentence += f" Of {unseen} of species outside training, **{named_unseen:.1%}** get a species."
        shares["Named, of species outside training"] = curve.unseen_named
    st.caption(sentence)
    st.plotly_chart(operating_curves(shares, threshold), key="identify_species_curve", config={"displayModeBar": False})


def _set(key: str, threshold: float) -> None:
    st.session_state[key] = threshold
