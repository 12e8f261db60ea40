"""Identify: both operating points, each with what it would have done on the model's validation images."""

import streamlit as st

from wildcam.charts.operating import operating_curves
from wildcam.serving.bundle import Bundle
from wildcam.serving.card import EmptyCurve, SpeciesCurve
from wildcam.serving.two_stage import Thresholds

LOSSES = (0.01, 0.05, 0.1)
"""Shares of the animals that one may be ready to lose."""


def choose_thresholds(empty: Bundle, species: Bundle) -> Thresholds:
    """Draw the two thresholds, starting from the models' own."""
    left, right = st.columns(2)
    with left:
        key = f"identify_from_{empty.name}"
        from_here = st.slider(
            "A view is empty from",
            0.0,
            1.0,
            empty.card.empty_threshold,
            0.01,
            key=key,
            help="Probability of stage 1. Higher loses fewer animals and keeps more empty photos.",
        )
        if empty.card.empty_curve:
            _draw_empty(empty.card.empty_curve, from_here, key)
    with right:
        named_from = st.slider(
            "A species is named from",
            0.0,
            1.0,
            species.card.unknown_threshold,
            0.01,
            key=f"identify_named_{species.name}",
            help="Mean probability of stage 2. Below it the answer is “an animal, not sure which”.",
        )
        if species.card.species_curve:
            _draw_species(species.card.species_curve, named_from)
    return Thresholds(from_here, named_from)


def _draw_empty(curve: EmptyCurve, threshold: float, key: str) -> None:
    with st.container(horizontal=True):
        for share in LOSSES:
            st.button(
                f"Lose at most {share:.0%}",
                key=f"identify_lose_{share}",
                on_click=_set,
                args=(key, curve.losing_at_most(share)),
                help="Of the animals of the validation photos.",
            )
    missed, kept = curve.at(curve.missed_animals, threshold), curve.at(curve.retained_blanks, threshold)
    st.caption(
        f"On its {curve.images:,} validation photos this would have lost **{missed:.1%}** of the animals and kept "
        f"**{kept:.1%}** of the empty ones (one view each)."
    )
    shares = {"Animals lost": curve.missed_animals, "Empty ones kept": curve.retained_blanks}
    st.plotly_chart(operating_curves(shares, threshold), key="identify_empty_curve", config={"displayModeBar": False})


def _draw_species(curve: SpeciesCurve, threshold: float) -> None:
    named, right = curve.at(curve.named, threshold), curve.at(curve.right, threshold)
    words = (
        f"On its {curve.images:,} validation photos this would have named **{named:.1%}**, and **{right:.1%}** of "
        "these rightly."
    )
    shares = {"Named": curve.named, "Right, of those named": curve.right}
    if curve.unseen_named:
        wrongly = curve.at(curve.unseen_named, threshold)
        words += f" Of {curve.unseen_images:,} photos of species left out of training, **{wrongly:.1%}** got a name."
        shares["Named, of species never seen"] = curve.unseen_named
    st.caption(f"{words} (One view each.)")
    st.plotly_chart(operating_curves(shares, threshold), key="identify_species_curve", config={"displayModeBar": False})


def _set(key: str, threshold: float) -> None:
    st.session_state[key] = threshold
