"""The split that Explore looks at: one choice for all its sections, in the address as `?split=POLICY`."""

import streamlit as st

from pages.widgets.url_state import url_param
from wildcam.data.splits import SplitPolicy

POLICY_TITLES = {
    SplitPolicy.LOCATION: "By camera",
    SplitPolicy.SEQUENCE: "By burst",
    SplitPolicy.RANDOM: "At random",
    SplitPolicy.GIVEN: "As the source says",
}
POLICY_WORDS = {
    SplitPolicy.LOCATION: "Whole cameras are kept from training, as a new study area would be. The honest choice.",
    SplitPolicy.SEQUENCE: "Bursts stay whole, and every camera may be on every side.",
    SplitPolicy.RANDOM: "Each photo by itself: 70 % train, 30 % validate, as in many published experiments.",
    SplitPolicy.GIVEN: "The sides that the source itself names.",
}


def chosen_policy() -> SplitPolicy:
    """The policy that the address names, else the default."""
    asked = st.query_params.get("split", "")
    return SplitPolicy(asked) if asked in list(SplitPolicy) else SplitPolicy.LOCATION


def draw_policy() -> SplitPolicy:
    """Draw the chooser; the policy that is chosen."""
    policy = st.segmented_control(
        "Deal photos",
        list(SplitPolicy),
        format_func=POLICY_TITLES.__getitem__,
        required=True,
        **url_param("split", SplitPolicy),
    )
    st.caption(POLICY_WORDS[policy])
    return policy
