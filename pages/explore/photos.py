"""Explore, photos: a gallery, and one photo large. Filters, page and photo are in the address."""

import pandas as pd
import streamlit as st

from pages.explore.figures import load_bursts
from pages.explore.image_filter import draw_filter
from pages.widgets.alike import draw_more_like
from pages.widgets.gallery import draw_gallery, draw_photo_details
from pages.widgets.photo_grid import choose_page
from pages.widgets.review import draw_review
from pages.widgets.url_state import url_switch
from wildcam.counting import counted
from wildcam.data.catalog import Dataset, Status
from wildcam.data.sequences import needs_blocks

PAGE_LENGTH = 24


def draw_photos(dataset: Dataset) -> None:
    rows = draw_filter(dataset)
    chosen = rows["image_id"] == st.query_params.get("image")
    if chosen.any():
        _draw_one(dataset, rows, int(chosen.to_numpy().argmax()))
    else:
        _draw_many(dataset, rows)


def _draw_many(dataset: Dataset, rows: pd.DataFrame) -> None:
    if rows.empty:
        st.info("No photo matches these filters: set one of them back to All.", icon=":material/filter_alt_off:")
        return
    with st.container(horizontal=True):
        as_bursts = not needs_blocks(dataset.index) and st.toggle(
            "One card per burst",
            **url_switch("bursts", forget=("page",)),
            help="A burst is one event at one location; its first matching photo represents it.",
        )
        with_boxes = rows["box_x"].notna().any() and st.toggle(
            "Outline animals", **url_switch("boxes"), help="The detector's most confident box."
        )
    bursts = load_bursts(dataset).loc[rows.index] if as_bursts else None
    shown = rows if bursts is None else rows[~bursts.duplicated()]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        in_bursts = f" in {counted(len(shown), 'burst')}" if as_bursts else ""
        st.markdown(f"**{counted(len(rows), 'photo')}{in_bursts}**", width="content")
        cards = choose_page(shown, PAGE_LENGTH)
    draw_gallery(
        dataset,
        cards,
        key="explore_open",
        open_photo=_open,
        notes={} if bursts is None else _burst_sizes(cards, bursts),
        with_boxes=bool(with_boxes),
    )


def _burst_sizes(cards: pd.DataFrame, bursts: pd.Series) -> dict[str, str]:
    """How many photos of its burst each card represents, by image id. `bursts`: of every matching row."""
    numbers = bursts.loc[cards.index]
    sizes = bursts[bursts.isin(numbers)].value_counts().loc[numbers]
    notes = [counted(size, "photo") for size in sizes]
    return dict(zip(cards["image_id"], notes, strict=True))


def _draw_one(dataset: Dataset, rows: pd.DataFrame, position: int) -> None:
    ids = rows["image_id"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("All photos", icon=":material/grid_view:", key="explore_back", on_click=_go_back, args=(position,))
        _draw_step("Previous", "arrow_back", ids.iloc[max(position - 1, 0)], position == 0)
        _draw_step("Next", "arrow_forward", ids.iloc[min(position + 1, len(ids) - 1)], position == len(ids) - 1)
        st.markdown(f"{position + 1:,} of {len(ids):,}", width="content")
    row = rows.iloc[position]
    draw_photo_details(dataset, row)
    _draw_review(dataset, row)
    draw_more_like(dataset, row["image_id"])
    if pd.isna(row["sequence_id"]) and pd.isna(row["taken_at"]):
        return  # its burst is unknown
    bursts = load_bursts(dataset)
    burst = dataset.index[bursts == bursts[row.name]]
    others = burst[burst["image_id"] != row["image_id"]].head(PAGE_LENGTH)
    if len(others):
        st.subheader(f"Other photos of this burst: {len(others)}")
        draw_gallery(dataset, others, key="explore_burst", open_photo=_open)


def _draw_review(dataset: Dataset, row: pd.Series) -> None:
    if row["status"] != Status.OK:
        return
    of_source = dataset.info.labels.read(dataset.unreviewed.loc[[row.name], "label"])["label"]
    draw_review(
        str(dataset.image_path(row["path"])),
        row["path"],
        predicted="" if of_source.isna().all() else str(of_source.iloc[0]),
        classes=dataset.index["label"].cat.categories,
        models="",
    )


def _draw_step(title: str, icon: str, image_id: str, disabled: bool) -> None:
    st.button(
        title,
        icon=f":material/{icon}:",
        key=f"explore_{title.lower()}",
        disabled=disabled,
        on_click=_open,
        args=(image_id,),
    )


def _open(image_id: str) -> None:
    st.query_params["image"] = image_id


def _go_back(position: int) -> None:
    """To the page of the gallery with the photo."""
    if "bursts" not in st.query_params:
        st.query_params["page"] = str(position // PAGE_LENGTH + 1)
    st.query_params.pop("image", None)
