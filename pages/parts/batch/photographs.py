"""Batch: photograph by photograph, filtered, the least sure first, and one of them with a correction."""

import pandas as pd
import streamlit as st

from pages.parts.address import tied, tied_list, tied_page
from pages.parts.batch.picture import draw_picture
from pages.parts.correction import draw_correction
from pages.parts.markdown import literal
from wildcam.data.thumbnails import GALLERY_SIDE, LARGE_SIDE, Thumbnails
from wildcam.predictions.batches import Batch
from wildcam.predictions.choice import Chosen, Order
from wildcam.predictions.summary import by_label
from wildcam.serving.two_stage import FAILED
from wildcam.settings import load_settings

PAGE = 12


def draw_photographs(batch: Batch, table: pd.DataFrame) -> None:
    if asked := st.query_params.get("photograph", ""):
        truth = table.loc[table["image_id"] == asked, "truth"]
        for row in batch.rows_of([asked]).to_dict("records"):
            _draw_one(batch, pd.Series(row | {"truth": truth.iloc[0]}))
    shown = _filtered(table)
    st.caption(f"{len(shown):,} of {len(table):,} photographs")
    if shown.empty:
        return
    pages = -(-len(shown) // PAGE)
    page = st.pagination(pages, **tied_page(pages)) if pages > 1 else 1
    rows = shown.iloc[(page - 1) * PAGE : page * PAGE]
    cards = st.grid(4, min_column_width=140, border=True)
    for _, row in rows.iterrows():
        with cards.cell():
            draw_picture(batch.facts.root / row["path"], GALLERY_SIDE)
            st.text(_words(row))
            st.button(
                "Look closer", key=f"batch_open_{row['image_id']}", icon=":material/zoom_in:", width="stretch",
                on_click=st.query_params.__setitem__, args=("photograph", row["image_id"]),
            )  # fmt: skip
    Thumbnails(load_settings().cache_dir / "thumbnails").trim()


def _filtered(table: pd.DataFrame) -> pd.DataFrame:
    labels = by_label(table)["label"].tolist()
    left, middle, right = st.columns(3)
    with left:
        chosen = st.multiselect("Verdict", labels, placeholder="any", **tied_list("verdict", labels, []))
    with middle:
        least, most = st.slider("How sure, %", 0, 100, key="batch_sure", value=(0, 100))
    with right:
        order = st.selectbox("Order", list(Order), **tied("order", Order))
    truth = st.query_params.get("truth", "")
    if truth:
        st.button(f"It shows: {truth}", icon=":material/filter_alt_off:", key="batch_truth", on_click=_forget_truth)
    chosen_rows = Chosen(tuple(chosen), truth, least / 100, most / 100)
    return chosen_rows.of(table, Order(str(order)))


def _draw_one(batch: Batch, row: pd.Series) -> None:
    with st.container(border=True):
        st.button("Close", icon=":material/close:", key="batch_close", type="tertiary", on_click=_close)
        picture, facts = st.columns([3, 2])
        with picture:
            draw_picture(batch.facts.root / row["path"], LARGE_SIDE)
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


def _words(row: pd.Series) -> str:
    sure = f"{row['label']}, {row['confidence']:.0%}" if row["label"] != FAILED else "failed"
    time = f"{row['taken_at']:%Y-%m-%d %H:%M}" if pd.notna(row["taken_at"]) else ""
    truth = f"the data set says: {row['truth']}" if row["truth"] else ""
    return "\n".join(filter(None, [sure, row["path"], time, truth]))
