"""Explore, photographs: a gallery with filters, and one photograph large. Filters, page and photograph are in the address."""

import pandas as pd
import streamlit as st

from pages.parts.address import tied
from pages.parts.gallery import STATUS_WORDS, draw_gallery, draw_photograph
from wildcam.data.catalog import Dataset, Status
from wildcam.data.photograph_filter import PhotographFilter

PAGE_LENGTH = 24
ANY, NO_LABEL = "All", "No label"
STATUS_TITLES = {STATUS_WORDS[status].capitalize(): status for status in Status}


def draw_photographs(dataset: Dataset) -> None:
    rows = _draw_filter(dataset.index).rows(dataset.index)
    chosen = rows["image_id"] == st.query_params.get("photograph")
    if chosen.any():
        _draw_one(dataset, rows, int(chosen.to_numpy().argmax()))
    else:
        _draw_many(dataset, rows)


def _draw_filter(index: pd.DataFrame) -> PhotographFilter:
    labels = index["label"].cat.categories.tolist()
    locations = index["location"].cat.categories.tolist()
    columns = st.columns(3)
    with columns[0]:
        label = _draw_choice("Class", [ANY, *labels, *[NO_LABEL] * bool(index["label"].isna().any())], "class")
    with columns[1]:
        location = _draw_choice("Camera", [ANY, *locations], "camera")
    with columns[2]:
        status = _draw_choice("File", [ANY, *STATUS_TITLES], "file")
    return PhotographFilter(
        label=None if label in (ANY, NO_LABEL) else label,
        labelled=False if label == NO_LABEL else None,
        location=None if location == ANY else location,
        status=STATUS_TITLES.get(status),
    )


def _draw_choice(title: str, options: list[str], name: str) -> str:
    return st.selectbox(title, options, **tied(name, options, forget=("page", "photograph")))


def _draw_many(dataset: Dataset, rows: pd.DataFrame) -> None:
    if rows.empty:
        st.info("No photograph fits these filters: set one of them back to All.", icon=":material/filter_alt_off:")
        return
    pages = -(-len(rows) // PAGE_LENGTH)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{len(rows):,} photographs**", width="content")
        page = st.pagination(pages, **tied("page", range(1, pages + 1))) if pages > 1 else 1
    first = (page - 1) * PAGE_LENGTH
    draw_gallery(dataset, rows.iloc[first : first + PAGE_LENGTH], key="explore_open", open_photograph=_open)


def _draw_one(dataset: Dataset, rows: pd.DataFrame, place: int) -> None:
    ids = rows["image_id"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("All photographs", icon=":material/grid_view:", key="explore_back", on_click=_go_back, args=(place,))
        _draw_step("Previous", "arrow_back", ids.iloc[max(place - 1, 0)], place == 0)
        _draw_step("Next", "arrow_forward", ids.iloc[min(place + 1, len(ids) - 1)], place == len(ids) - 1)
        st.markdown(f"{place + 1:,} of {len(ids):,}", width="content")
    row = rows.iloc[place]
    draw_photograph(dataset, row)
    if pd.notna(row["sequence_id"]):
        burst = dataset.index[dataset.index["sequence_id"] == row["sequence_id"]]
        others = burst[burst["image_id"] != row["image_id"]].head(PAGE_LENGTH)
        if len(others):
            st.subheader("Others of this burst")
            draw_gallery(dataset, others, key="explore_burst", open_photograph=_open)


def _draw_step(title: str, icon: str, image_id: str, disabled: bool) -> None:
    st.button(
        title, icon=f":material/{icon}:", key=f"explore_{title.lower()}", disabled=disabled, on_click=_open, args=(image_id,)
    )  # fmt: skip


def _open(image_id: str) -> None:
    st.query_params["photograph"] = image_id


def _go_back(place: int) -> None:
    """To the page of the gallery that holds the photograph."""
    st.query_params["page"] = str(place // PAGE_LENGTH + 1)
    st.query_params.pop("photograph", None)
