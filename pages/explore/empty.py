"""Explore, empty images: how many, at which cameras, at what time."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.explore.chart import draw_chart, draw_download
from pages.explore.figures import load_profile
from pages.explore.locations import draw_location_table
from pages.explore.overview import percent
from pages.widgets.url_state import url_param
from wildcam.charts.empty import empty_share_by_hour, empty_share_by_location, empty_share_by_month
from wildcam.data.catalog import Dataset
from wildcam.profile import NEARLY_ALWAYS, NEARLY_NEVER, Profile, nearly_always_empty, nearly_never_empty

SHOWN_LOCATIONS = 30
# By the bounds of the interval: a camera with two images, both empty, does not lead the list.
ORDERS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "Most photos": lambda rows: rows.sort_values("labelled", ascending=False),
    "Most empty": lambda rows: rows.sort_values("low", ascending=False),
    "Least empty": lambda rows: rows.sort_values("high"),
}


def draw_empty(dataset: Dataset) -> None:
    profile = load_profile(dataset)
    overall = profile.overview.empty_share
    if overall is None:
        st.info("No photo has a label, so nobody knows which are empty.", icon=":material/info:")
        return
    st.metric(
        "Empty among the labelled photos",
        percent(overall),
        f"{profile.overview.empty:,} of {profile.overview.labelled:,}",
        delta_color="off",
        delta_arrow="off",
    )
    st.caption(
        "In the charts, a dot is the share of empty photos, the bar through it is its 95 % interval, and the dotted "
        "line is the share of the whole data set. Photos of a burst are alike, so the truth is less certain than the bars."
    )
    _draw_locations(dataset, profile.locations, overall)
    _draw_extremes(dataset, profile.locations)
    if profile.overview.first:
        _draw_times(dataset, profile, overall)


def _draw_locations(dataset: Dataset, locations: pd.DataFrame, overall: float) -> None:
    known = locations[locations["labelled"] > 0]
    if known.empty:
        return
    st.subheader("By camera")
    order = st.segmented_control("Order", list(ORDERS), required=True, **url_param("order", ORDERS))
    ordered = ORDERS[order](known)
    shown = ordered.head(SHOWN_LOCATIONS)
    if len(shown) < len(known):
        st.caption(f"{len(shown)} of {len(known)} cameras.")
    draw_chart(
        empty_share_by_location(shown, overall),
        ordered,
        key="explore_empty_camera",
        name=f"{dataset.name}-empty-by-camera",
    )


def _draw_extremes(dataset: Dataset, locations: pd.DataFrame) -> None:
    lists = {
        "always": (nearly_always_empty(locations), f"surely over {NEARLY_ALWAYS:.0%}: wind, a branch, a fault?"),
        "never": (
            nearly_never_empty(locations),
            f"surely under {NEARLY_NEVER:.0%}: were empty ones sorted out before?",
        ),
    }
    for which, (rows, words) in lists.items():
        with st.expander(f"Cameras that are nearly {which} empty: {len(rows)} ({words})"):
            if rows.empty:
                st.caption("None. A camera with few photos is not listed: they would prove nothing.")
            else:
                draw_location_table(rows, key=f"explore_{which}_empty")
                draw_download(rows, key=f"explore_{which}_empty", name=f"{dataset.name}-{which}-empty")


def _draw_times(dataset: Dataset, profile: Profile, overall: float) -> None:
    left, right = st.columns(2)
    with left:
        st.subheader("By hour")
        draw_chart(
            empty_share_by_hour(profile.hours, overall),
            profile.hours,
            key="explore_empty_hour",
            name=f"{dataset.name}-empty-by-hour",
        )
    with right:
        st.subheader("By month")
        draw_chart(
            empty_share_by_month(profile.months, overall),
            profile.months,
            key="explore_empty_month",
            name=f"{dataset.name}-empty-by-month",
        )
