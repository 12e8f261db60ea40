"""Batch: what was found, by species, by camera, by burst, and photograph by photograph."""

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.parts.address import tied, tied_list, tied_page, tied_value
from pages.parts.batch.truth import draw_truth
from pages.parts.correction import draw_correction
from pages.parts.dataset import open_shared
from pages.parts.markdown import literal
from wildcam.data.catalog import Dataset, list_datasets
from wildcam.data.sequences import GAP_SECONDS
from wildcam.data.thumbnails import GALLERY_SIDE, LARGE_SIDE, Thumbnails
from wildcam.errors import DataError, WildcamError
from wildcam.predictions.batches import Batch
from wildcam.predictions.summary import by_burst, by_label, by_location
from wildcam.runs.store import RunStore
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN
from wildcam.settings import load_settings

VIEWS = ("Photographs", "Species", "Cameras", "Bursts")
TRUTH = "Against the truth"
ORDERS = ("Least sure first", "Surest first", "As they came")
PAGE = 12
PERCENT = st.column_config.NumberColumn("Sure, on average", format="percent")


def draw_results(store: RunStore, batch: Batch) -> None:
    table = batch.table()
    if table.empty:
        st.caption("Nothing is written yet: results come in parts of some seconds.")
        return
    _draw_counts(table)
    dataset = _dataset(batch)
    views = (*VIEWS, TRUTH) if dataset else VIEWS
    view = st.segmented_control("Show", views, required=True, label_visibility="collapsed", **tied("view", views))
    if view == "Species":
        st.dataframe(
            by_label(table), hide_index=True, key="batch_species",
            column_config={
                "label": "Verdict", "photographs": _count("Photographs"), "locations": _count("Cameras"), "confidence": PERCENT,
            },
        )  # fmt: skip
    elif view == "Cameras":
        st.dataframe(
            by_location(table), hide_index=True, key="batch_cameras",
            column_config={
                "location": "Camera or folder", "photographs": _count("Photographs"), "animals": _count("With animals"),
                "empty": _count("Empty"), "failed": _count("Failed"), "species": _count("Species named"), "commonest": "Commonest",
            },
        )  # fmt: skip
    elif view == "Bursts":
        _draw_bursts(table)
    elif view == TRUTH and dataset:
        try:
            draw_truth(store, batch, dataset, table)
        except DataError as error:
            st.info(literal(str(error)), icon=":material/info:")
    else:
        _draw_photographs(batch, _with_truth(table, dataset))


def _dataset(batch: Batch) -> Dataset | None:
    """That was looked at, where it is still there."""
    datasets_dir = load_settings().datasets_dir
    name = batch.run.params.get("dataset", "")
    info = next((info for info in list_datasets(datasets_dir) if info.name == name), None)
    return open_shared(datasets_dir, info) if info else None


def _with_truth(table: pd.DataFrame, dataset: Dataset | None) -> pd.DataFrame:
    """Also `truth`, the data set's label; "" where it says nothing."""
    if dataset is None:
        return table.assign(truth="")
    labels = dataset.index.set_index("image_id")["label"].astype("str")
    return table.assign(truth=table["image_id"].map(labels).fillna("").to_numpy())


def _draw_counts(table: pd.DataFrame) -> None:
    counts = table["label"].value_counts()
    empty, unknown, failed = (int(counts.get(label, 0)) for label in (EMPTY, UNKNOWN, FAILED))
    figures = {
        "Photographs": len(table), "Empty": empty, "Species named": len(table) - empty - unknown - failed,
        "Animal, not sure which": unknown, "Failed": failed,
    }  # fmt: skip
    for column, (title, figure) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(title, f"{figure:,}", border=True)


def _draw_bursts(table: pd.DataFrame) -> None:
    gap = st.slider(
        "Seconds between two photographs of one burst, at most", 1, 600, **tied_value("gap", GAP_SECONDS, int),
        help="Of one camera or folder. A data set's own bursts are kept as they are.",
    )  # fmt: skip
    bursts = by_burst(table, gap)
    if bursts.empty:
        st.caption("There is no burst: every photograph stands alone, or no time is known.")
        return
    st.dataframe(
        bursts.drop(columns="image_ids"), hide_index=True, key="batch_bursts",
        column_config={
            "location": "Camera or folder", "taken_at": st.column_config.DatetimeColumn("From"),
            "photographs": _count("Photographs"), "label": "The burst shows", "confidence": PERCENT,
            "agreement": _count("Agree"), "labels": "Each photograph",
        },
    )  # fmt: skip


def _draw_photographs(batch: Batch, table: pd.DataFrame) -> None:
    asked = table[table["image_id"] == st.query_params.get("photograph", "")]
    if len(asked):
        _draw_one(batch, asked.iloc[0])
    shown = _filtered(table)
    st.caption(f"{len(shown):,} of {len(table):,} photographs")
    if shown.empty:
        return
    pages = -(-len(shown) // PAGE)
    page = st.pagination(pages, **tied_page(pages)) if pages > 1 else 1
    rows = shown.iloc[(page - 1) * PAGE : page * PAGE]
    thumbnails = Thumbnails(load_settings().cache_dir / "thumbnails")
    cards = st.grid(4, min_column_width=140, border=True)
    for _, row in rows.iterrows():
        with cards.cell():
            _draw_picture(batch, thumbnails, row["path"], GALLERY_SIDE)
            st.text(_words(row))
            st.button(
                "Look closer", key=f"batch_open_{row['image_id']}", icon=":material/zoom_in:", width="stretch",
                on_click=st.query_params.__setitem__, args=("photograph", row["image_id"]),
            )  # fmt: skip
    thumbnails.trim()


def _filtered(table: pd.DataFrame) -> pd.DataFrame:
    labels = by_label(table)["label"].tolist()
    left, middle, right = st.columns(3)
    with left:
        chosen = st.multiselect("Verdict", labels, placeholder="any", **tied_list("verdict", labels, []))
    with middle:
        least, most = st.slider("How sure, %", 0, 100, key="batch_sure", value=(0, 100))
    with right:
        order = st.selectbox("Order", ORDERS, **tied("order", ORDERS))
    shown = table[table["label"].isin(chosen)] if chosen else table
    if truth := st.query_params.get("truth", ""):
        st.button(f"It shows: {truth}", icon=":material/filter_alt_off:", key="batch_truth", on_click=_forget_truth)
        shown = shown[shown["truth"] == truth]
    percent = shown["confidence"] * 100
    shown = shown[percent.between(least, most)]
    if order == ORDERS[2]:
        return shown
    by_confidence = shown.sort_values("confidence", ascending=order == ORDERS[0], kind="stable")
    return by_confidence.sort_values(
        "label", key=lambda labels: labels == FAILED, kind="stable"
    )  # failed is not unsure


def _draw_one(batch: Batch, row: pd.Series) -> None:
    with st.container(border=True):
        st.button("Close", icon=":material/close:", key="batch_close", type="tertiary", on_click=_close)
        picture, facts = st.columns([3, 2])
        with picture:
            _draw_picture(batch, Thumbnails(load_settings().cache_dir / "thumbnails"), row["path"], LARGE_SIDE)
        with facts:
            st.markdown(f"#### {literal(row['label'])}")
            st.text(_words(row))
            for label, probability in zip(row["top_labels"], row["top_probabilities"], strict=True):
                st.text(f"{probability:.0%}  {label}")
            st.caption(
                literal(
                    row["failure"] or f"Decided by {row['source']}; {row['agreement']} of {row['views']} views agree."
                )
            )
            if row["label"] != FAILED:
                draw_correction(
                    str(batch.facts.root / row["path"]),
                    row["path"],
                    said=row["label"],
                    classes=batch.facts.classes,
                    models=batch.facts.models,
                )


def _forget_truth() -> None:
    st.query_params.pop("truth", None)


def _close() -> None:
    st.query_params.pop("photograph", None)


def _draw_picture(batch: Batch, thumbnails: Thumbnails, path: str, side: int) -> None:
    try:
        st.image(thumbnails.get(batch.facts.root / path, side), width="stretch", alt="")
    except WildcamError as error:
        st.markdown(":material/broken_image: **No picture**")
        st.text(str(error))


def _words(row: pd.Series) -> str:
    sure = f"{row['label']}, {row['confidence']:.0%}" if row["label"] != FAILED else "failed"
    time = f"{row['taken_at']:%Y-%m-%d %H:%M}" if pd.notna(row["taken_at"]) else ""
    truth = f"the data set says: {row['truth']}" if row["truth"] else ""
    return "\n".join(filter(None, [sure, row["path"], time, truth]))


def _count(title: str) -> ColumnConfig:
    return st.column_config.NumberColumn(title, format="localized")
