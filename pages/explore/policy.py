"""The split that Explore shows: one choice for all its sections, in the address as `?split=POLICY`."""

from operator import attrgetter

import streamlit as st

from pages.widgets.url_state import url_param
from wildcam.data.splits import SplitPolicy

DESCRIPTIONS = {
    SplitPolicy.LOCATION: "Whole locations are kept out of training, as in a new study area. Recommended.",
    SplitPolicy.SEQUENCE: "Bursts stay whole, but every location may be in every subset.",
    SplitPolicy.RANDOM: "Each photo on its own: 70 % training, 30 % validation, as in many published experiments.",
    SplitPolicy.GIVEN: "The subsets that the source defines.",
}


def chosen_policy() -> SplitPolicy:
    """The policy that the address names, else the default."""
    requested = st.query_params.get("split", "")
    return SplitPolicy(requested) if requested in list(SplitPolicy) else SplitPolicy.LOCATION


def draw_policy() -> SplitPolicy:
    """Draw the chooser; the policy that is chosen."""
    policy = st.segmented_control(
        "Split",
        list(SplitPolicy),
        format_func=attrgetter("display"),
        required=True,
        **url_param("split", SplitPolicy),
    )
    st.caption(DESCRIPTIONS[policy])
    return policy
