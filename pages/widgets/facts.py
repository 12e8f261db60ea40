"""Facts name by name, and an importer's remarks; both wrap on a narrow screen and show text literally."""

from collections.abc import Iterable, Mapping

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.data.catalog import Remark

NAME_WIDTH = 120  # px


def draw_facts(facts: Mapping[str, str]) -> None:
    """A line for every fact: its name, then its value as plain text."""
    with st.container(gap="xsmall"):
        for name, value in facts.items():
            with st.container(horizontal=True, wrap=False, gap="small"):
                st.caption(literal(name), width=NAME_WIDTH)
                st.text(value, width="stretch")


def draw_remarks(remarks: Iterable[Remark]) -> None:
    """What an importer repaired or skipped: how often, and an example."""
    for remark in remarks:
        example = f"\nFor example: {remark.example}" if remark.example else ""
        st.text(f"{remark.count:,} × {remark.what}{example}")
