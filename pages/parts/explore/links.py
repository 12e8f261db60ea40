"""Ways from a figure to the photographs behind it."""

import streamlit as st

from wildcam.data.catalog import Dataset


def show_photographs(dataset: Dataset, *, label: str | None = None, camera: str | None = None) -> None:
    """Lead the address to the gallery with these filters; call it in a callback."""
    wanted = {"class": label, "camera": camera}
    filters = {name: str(value) for name, value in wanted.items() if value is not None}
    st.query_params.from_dict({"dataset": dataset.name, "section": "Photographs"} | filters)


def show_section(dataset: Dataset, section: str) -> None:
    """Lead the address to another section; call it in a callback."""
    st.query_params.from_dict({"dataset": dataset.name, "section": section})
