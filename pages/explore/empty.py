"""Explore, empty photos: how many, at which locations, at what time."""

from collections.abc import Callable
from operator import attrgetter

import pandas as pd
import streamlit as st

from pages.explore.figures import load_profile
from pages.explore.locations import draw_location_table
from pages.explore.overview import percent
from pages.widgets.chart import draw_chart, draw_download
from pages.widgets.url_state import url_param
from wildcam.charts.empty import empty_share_by_hour, empty_share_by_location, empty_share_by_month
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.profile import NEARLY_ALWAYS, NEARLY_NEVER, Profile, nearly_always_empty, nearly_never_empty

SHOWN_LOCATIONS = 30


class LocationOrder(Choice):
    """The order of the locations."""

    MOST_PHOTOS = "most_photos", "Most photos"
    MOST_EMPTY = "most_empty", "Most empty"
    LEAST_EMPTY = "least_empty", "Least empty"


# By the bounds of the interval: a location with two images, both empty, does not lead the list.
ORDERS: dict[LocationOrder, Callable[[pd.DataFrame], pd.DataFrame]] = {
    LocationOrder.MOST_PHOTOS: lambda rows: rows.sort_values("labelled", ascending=False),
    LocationOrder.MOST_EMPTY: lambda rows: rows.sort_values("low", ascending=False),
    LocationOrder.LEAST_EMPTY: lambda rows: rows.sort_values("high"),
}


def draw_empty(dataset: Dataset) -> None:
    profile = load_profile(dataset)
    overall = profile.overview.empty_share
    if overall is None:
        st.info("No photo has a label, so the share of empty photos is unknown.", icon=":material/info:")
        return
    st.metric(
        "Empty, of labelled photos",
        percent(overall),
        f"{profile.overview.empty:,} of {profile.overview.labelled:,}",
        delta_color="off",
        delta_arrow="off",
    )
    st.caption(
        "Dots are the share of empty photos, bars its 95 % CI (Wilson), the dotted line is the share in the whole data "
        "set. The intervals treat photos as independent; photos of a burst are not, so the real uncertainty is larger."
    )
    _draw_locations(dataset, profile.locations, overall)
    _draw_extremes(dataset, profile.locations)
    if profile.overview.first:
        _draw_times(dataset, profile, overall)


def _draw_locations(dataset: Dataset, locations: pd.DataFrame, overall: float) -> None:
    known = locations[locations["labelled"] > 0]
    if known.empty:
        return
    st.subheader("By location")
    order = st.segmented_control(
        "Order", list(ORDERS), format_func=attrgetter("display"), required=True, **url_param("order", ORDERS)
    )
    ordered = ORDERS[order](known)
    shown = ordered.head(SHOWN_LOCATIONS)
    if len(shown) < len(known):
        st.caption(f"{len(shown)} of {counted(len(known), 'location')}.")
    draw_chart(
        empty_share_by_location(shown, overall),
        ordered,
        key="explore_empty_location",
        name=f"{dataset.name}-empty-by-location",
    )


def _draw_extremes(dataset: Dataset, locations: pd.DataFrame) -> None:
    lists = {
        "always": (nearly_always_empty(locations), f"95 % CI above {NEARLY_ALWAYS:.0%}: wind, a branch, a fault?"),
        "never": (
            nearly_never_empty(locations),
            f"95 % CI below {NEARLY_NEVER:.0%}: were empty photos removed before?",
        ),
    }
    for which, (rows, note) in lists.items():
        with st.expander(f"Locations nearly {which} empty: {len(rows)} ({note})"):
            if rows.empty:
                st.caption("None. Locations with few photos are not listed: their interval is too wide.")
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
