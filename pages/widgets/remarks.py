"""What an importer mended or left out."""

from collections.abc import Iterable

import streamlit as st

from wildcam.data.catalog import Remark


def draw_remarks(remarks: Iterable[Remark]) -> None:
    """Each with how often and an example; file names and labels in it as they are."""
    for remark in remarks:
        example = f"\nFor example: {remark.example}" if remark.example else ""
        st.text(f"{remark.count:,} × {remark.what}{example}")
