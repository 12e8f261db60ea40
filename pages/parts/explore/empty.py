"""Explore, empty photographs: how many, at which cameras, at what time."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.parts.address import tied
from pages.parts.explore.figures import load_profile
from pages.parts.explore.glance import percent
from wildcam.charts.empty import empty_share_by_hour, empty_share_by_location, empty_share_by_month
from wildcam.data.catalog import Dataset

SHOWN_CAMERAS = 30
# By the bounds of the interval: a camera with two photographs, both empty, does not lead the list.
ORDERS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "Most photographs": lambda cameras: cameras.sort_values("labelled", ascending=False),
    "Most empty": lambda cameras: cameras.sort_values("low", ascending=False),
    "Least empty": lambda cameras: cameras.sort_values("high"),
}


def draw_empty(dataset: Dataset) -> None:
    profile = load_profile(dataset)
    overall = profile.overview.empty_share
    if overall is None:
        st.info("No photograph has a label, so nobody knows which are empty.", icon=":material/info:")
        return
    st.metric(
        "Empty among the labelled photographs", percent(overall),
        f"{profile.overview.empty:,} of {profile.overview.labelled:,}", delta_color="off", delta_arrow="off",
    )  # fmt: skip
    st.caption(
        "In the charts, a dot is the share of empty photographs, the bar through it is its 95 % interval, and the dotted "
        "line is the share of the whole data set. Photographs of a burst are alike, so the truth is less certain than the bars."
    )
    _draw_cameras(profile.locations, overall)
    if profile.overview.first:
        left, right = st.columns(2)
        with left:
            st.subheader("By hour")
            st.plotly_chart(
                empty_share_by_hour(profile.hours, overall), key="explore_empty_hour", config={"displayModeBar": False}
            )
        with right:
            st.subheader("By month")
            st.plotly_chart(
                empty_share_by_month(profile.months, overall),
                key="explore_empty_month",
                config={"displayModeBar": False},
            )


def _draw_cameras(locations: pd.DataFrame, overall: float) -> None:
    known = locations[locations["labelled"] > 0]
    if known.empty:
        return
    st.subheader("By camera")
    order = st.segmented_control("Order", list(ORDERS), required=True, **tied("order", ORDERS))
    shown = ORDERS[order](known).head(SHOWN_CAMERAS)
    if len(shown) < len(known):
        st.caption(f"{len(shown)} of {len(known)} cameras.")
    st.plotly_chart(
        empty_share_by_location(shown, overall), key="explore_empty_camera", config={"displayModeBar": False}
    )
