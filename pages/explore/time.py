"""Explore, time: activity by hour and month, by species, and the record of each location over time."""

import streamlit as st

from pages.explore.clock import draw_clock
from pages.explore.figures import load_profile, load_species_by_hour, load_timeline
from pages.explore.overview import UNKNOWN
from pages.widgets.chart import draw_chart
from wildcam.charts.activity import activity_by_hour
from wildcam.charts.time import images_by_hour, images_by_month
from wildcam.charts.timeline import images_over_time
from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.profile import Light, Profile, Timeline

SHOWN_SPECIES, SHOWN_LOCATIONS = 25, 30


def draw_time(dataset: Dataset) -> None:
    profile = load_profile(dataset)
    without = profile.overview.without_time
    if profile.overview.first or dataset.index["clock_at"].notna().any():
        draw_clock(dataset)
    if not profile.overview.first:
        st.info("The source has no dates or times.", icon=":material/info:")
        return
    if without:
        st.caption(
            f"{counted(without, 'photo has', 'photos have')} no time, or one that cannot be, and "
            f"{'is' if without == 1 else 'are'} not in these charts."
        )
    _draw_light(profile.light)
    _draw_triggers(dataset, profile)
    _draw_activity(dataset)
    _draw_timeline(dataset, load_timeline(dataset))


def _draw_light(light: Light) -> None:
    cards = st.grid(min_column_width=150)
    for title, share, field in (
        ("Day", light.day_share, "day_share"),
        ("Night", light.night_share, "night_share"),
        ("Infrared", light.infrared_share, "infrared_share"),
    ):
        text = UNKNOWN if share is None else f"{share:.1%}"
        cards.metric(title, text, border=True, help=Light.model_fields[field].description)
    if not light.checked:
        st.caption("To count infrared photos, check the files under Quality.")


def _draw_triggers(dataset: Dataset, profile: Profile) -> None:
    left, right = st.columns(2)
    with left:
        st.subheader("By hour")
        draw_chart(images_by_hour(profile.hours), profile.hours, key="explore_by_hour", name=f"{dataset.name}-by-hour")
    with right:
        st.subheader("By month")
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
    st.subheader("Activity by species")
    st.caption(
        f"{len(shown)} of {len(counts)} species, most photographed first. Each row is darkest at its peak hour. "
        "Counts are photos, so an animal that lingers counts repeatedly, and camera clocks may be wrong."
    )
    draw_chart(
        activity_by_hour(shown.rename(index=dataset.info.names.title)),
        shown.reset_index(),
        key="explore_activity",
        name=f"{dataset.name}-activity",
        whole=("All species (CSV)", counts.reset_index()),
    )


def _draw_timeline(dataset: Dataset, line: Timeline) -> None:
    counts = line.images
    if counts.empty:
        return
    shown = Timeline(line.period, counts.head(SHOWN_LOCATIONS))
    st.subheader(f"Photos per location by {line.period.display}")
    st.caption(
        f"{len(shown.images)} of {counted(len(counts), 'location')}, most photos first. A gap means that the camera "
        "was removed, broken or not triggered, or that its clock was wrong."
    )
    draw_chart(
        images_over_time(shown),
        shown.images.reset_index(),
        key="explore_timeline",
        name=f"{dataset.name}-timeline",
        whole=("All locations (CSV)", counts.reset_index()),
    )
