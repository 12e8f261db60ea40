"""Explore, time: when cameras were triggered, when each species is about, and where a camera's record has gaps."""

import streamlit as st

from pages.explore.chart import draw_chart
from pages.explore.figures import load_profile, load_species_by_hour, load_timeline
from pages.explore.overview import UNKNOWN
from wildcam.charts.activity import activity_by_hour
from wildcam.charts.time import images_by_hour, images_by_month
from wildcam.charts.timeline import images_over_time
from wildcam.data.catalog import Dataset
from wildcam.profile import Light, Profile, Timeline

SHOWN_SPECIES, SHOWN_LOCATIONS = 25, 30


def draw_time(dataset: Dataset) -> None:
    profile = load_profile(dataset)
    if not profile.overview.first:
        st.info("The source does not say when a photo was taken.", icon=":material/info:")
        return
    _draw_light(profile.light)
    _draw_triggers(dataset, profile)
    _draw_activity(dataset)
    _draw_timeline(dataset, load_timeline(dataset))


def _draw_light(light: Light) -> None:
    cards = st.grid(min_column_width=150)
    for title, share, field in (
        ("By day", light.day_share, "day_share"),
        ("By night", light.night_share, "night_share"),
        ("Infrared", light.infrared_share, "infrared_share"),
    ):
        text = UNKNOWN if share is None else f"{share:.1%}"
        cards.metric(title, text, border=True, help=Light.model_fields[field].description)
    if not light.checked:
        st.caption("Which photos are infrared is known once their files were checked, in the section Quality.")


def _draw_triggers(dataset: Dataset, profile: Profile) -> None:
    left, right = st.columns(2)
    with left:
        st.subheader("Through the day")
        draw_chart(images_by_hour(profile.hours), profile.hours, key="explore_by_hour", name=f"{dataset.name}-by-hour")
    with right:
        st.subheader("Through the year")
        draw_chart(
            images_by_month(profile.months),
            profile.months,
            key="explore_by_month",
            name=f"{dataset.name}-by-month",
        )


def _draw_activity(dataset: Dataset) -> None:
    counts = load_species_by_hour(dataset)
    if counts.empty:
        return
    shown = counts.head(SHOWN_SPECIES)
    st.subheader("When each species is about")
    st.caption(
        f"{len(shown)} of {len(counts)} species, the most photographed first. Each row is darkest at its busiest hour. "
        "Photos are counted, so an animal that stays before the camera counts often; clocks of cameras may be wrong."
    )
    draw_chart(
        activity_by_hour(shown),
        shown.reset_index(),
        key="explore_activity",
        name=f"{dataset.name}-activity",
        whole=("Every species", counts.reset_index()),
    )


def _draw_timeline(dataset: Dataset, line: Timeline) -> None:
    counts = line.images
    if counts.empty:
        return
    shown = Timeline(line.period, counts.head(SHOWN_LOCATIONS))
    st.subheader(f"What each camera took, {line.period} by {line.period}")
    st.caption(
        f"{len(shown.images)} of {len(counts)} cameras, the most photos first. Where a row is blank the camera "
        "was away, broken or saw nothing, or its clock was wrong."
    )
    draw_chart(
        images_over_time(shown),
        shown.images.reset_index(),
        key="explore_timeline",
        name=f"{dataset.name}-timeline",
        whole=("Every camera", counts.reset_index()),
    )
