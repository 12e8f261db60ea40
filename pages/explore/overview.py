"""Explore, overview: the counts, and the baselines."""

from datetime import datetime

import streamlit as st

from pages.explore.figures import load_profile
from wildcam.data.catalog import Dataset
from wildcam.profile import Overview

UNKNOWN = "–"


def draw_overview(dataset: Dataset) -> None:
    profile = load_profile(dataset)
    if profile.overview.first and profile.overview.last:
        st.markdown(f"Taken from {_day(profile.overview.first)} to {_day(profile.overview.last)} (camera clocks).")
    _draw_counts(profile.overview)
    _draw_baselines(profile.overview)


def _draw_counts(overview: Overview) -> None:
    cards = st.grid(min_column_width=150)
    _draw_count(cards, "Photos", overview.images, "images")
    _draw_count(cards, "Labelled", overview.labelled, "labelled")
    _draw_count(cards, "With an animal", overview.animal, "animal")
    _draw_count(cards, "Empty", overview.empty, "empty", percent(overview.empty_share))
    _draw_count(cards, "Other", overview.other, "other")
    _draw_count(cards, "Species", overview.species, "species")
    _draw_count(cards, "Locations", overview.locations, "locations")
    _draw_count(cards, "Bursts", overview.sequences, "sequences")
    _draw_count(cards, "Missing files", overview.missing, "missing")
    _draw_count(cards, "Unreadable files", overview.unreadable, "unreadable")
    detected = f"{overview.detector_share:.0%}"
    cards.metric("Detector ran", detected, border=True, height="stretch", help=_help("detector_share"))


def _draw_count(
    cards: st.delta_generator.DeltaGenerator, title: str, value: int | None, field: str, note: str = ""
) -> None:
    text = UNKNOWN if value is None else f"{value:,}"
    cards.metric(
        title,
        text,
        note or None,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
        help=_help(field),
    )


def _draw_baselines(overview: Overview) -> None:
    st.subheader("Baselines")
    st.write("Accuracy of giving every photo the same answer. A model has to beat it.")
    baselines = {
        "Always “empty”": (overview.always_empty_accuracy, "always_empty_accuracy"),
        "Always “animal”": (overview.always_animal_accuracy, "always_animal_accuracy"),
    }
    for column, (title, (accuracy, field)) in zip(st.columns(2), baselines.items(), strict=True):
        with column.container(border=True, height="stretch"):
            st.metric(title, percent(accuracy))
            st.caption(str(_help(field)))


def percent(share: float | None) -> str:
    """A share in percent with two decimals, as the literature prints it."""
    return UNKNOWN if share is None else f"{share:.2%}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _help(field: str) -> str | None:
    return Overview.model_fields[field].description
