"""Ways from a figure to the images behind it."""

import streamlit as st

from wildcam.data.catalog import Dataset


def address_of(
    dataset: Dataset, *, label: str | None = None, camera: str | None = None, image: str | None = None
) -> dict[str, str]:
    """Where the gallery shows what these filters leave, or one image large."""
    wanted = {"class": label, "camera": camera, "image": image}
    filters = {name: str(value) for name, value in wanted.items() if value is not None}
    return {"dataset": dataset.name, "section": "Photos"} | filters


def show_images(dataset: Dataset, **filters: str) -> None:
    """Lead the address there; call it in a callback."""
    st.query_params.from_dict(address_of(dataset, **filters))


def show_section(dataset: Dataset, section: str) -> None:
    """Lead the address to another section; call it in a callback."""
    st.query_params.from_dict({"dataset": dataset.name, "section": section})
