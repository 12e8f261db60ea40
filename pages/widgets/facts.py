"""What is known of something, name by name; wraps on a narrow screen and shows text as it is."""

from collections.abc import Mapping

import streamlit as st

NAME_WIDTH = 120  # px


def draw_facts(facts: Mapping[str, str]) -> None:
    """A line for every fact: its name, then its value as plain text."""
    with st.container(gap="xsmall"):
        for name, value in facts.items():
            with st.container(horizontal=True, wrap=False, gap="small"):
                st.caption(name, width=NAME_WIDTH)
                st.text(value, width="stretch")
