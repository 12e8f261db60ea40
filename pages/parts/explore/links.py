"""Ways from a figure to the photographs behind it."""

import streamlit as st

from wildcam.data.catalog import Dataset


def address_of(
    dataset: Dataset, *, label: str | None = None, camera: str | None = None, photograph: str | None = None
) -> dict[str, str]:
    """Where the gallery shows what these filters leave, or one photograph large."""
    wanted = {"class": label, "camera": camera, "photograph": photograph}
    filters = {name: str(value) for name, value in wanted.items() if value is not None}
    return {"dataset": dataset.name, "section": "Photographs"} | filters


def show_photographs(dataset: Dataset, **filters: str) -> None:
    """Lead the address there; call it in a callback."""
    st.query_params.from_dict(address_of(dataset, **filters))


def show_section(dataset: Dataset, section: str) -> None:
    """Lead the address to another section; call it in a callback."""
    st.query_params.from_dict({"dataset": dataset.name, "section": section})
