"""Batch: the photos with their verdicts, filtered and ordered, and one of them with a review."""

from operator import attrgetter

import pandas as pd
import streamlit as st

from pages.widgets.evidence import draw_photo_with_evidence
from pages.widgets.markdown import literal
from pages.widgets.photo_grid import PhotoCard, choose_page, draw_photo_grid
from pages.widgets.review import draw_review
from pages.widgets.url_state import url_list, url_param
from wildcam.counting import counted
from wildcam.data.thumbnails import LARGE_SIDE
from wildcam.images import Box
from wildcam.predictions.batches import Batch
from wildcam.predictions.looking_columns import evidence_boxes, evidence_of
from wildcam.predictions.prediction_filter import PredictionFilter, SortOrder
from wildcam.predictions.summary import by_label
from wildcam.serving.two_stage import FAILED, VerdictSource


def draw_images(batch: Batch, table: pd.DataFrame) -> None:
    if records := st.query_params.get("image", ""):
        ground_truth = table.loc[table["image_id"] == records, "ground_truth"]
        for row in batch.rows_of([records]).to_dict("records"):
            _draw_one(batch, pd.Series(row | {"ground_truth": ground_truth.iloc[0]}))
    shown = _filtered(table)
    st.caption(f"{len(shown):,} of {counted(len(table), 'photo')}")
    on_page = choose_page(shown)
    boxes = evidence_boxes(batch.rows_of(on_page["image_id"].tolist()))
    draw_photo_grid(
        (_card(batch, row, boxes.get(row["image_id"])) for _, row in on_page.iterrows()),
        key="batch_open",
        open_photo=_open,
        empty="No photo matches these filters.",
    )


def _card(batch: Batch, row: pd.Series, box: Box | None = None) -> PhotoCard:
    """`box`: of the evidence for an animal."""
    return PhotoCard(row["image_id"], batch.metadata.root / row["path"], _caption(row), (box,) if box else ())


def _filtered(table: pd.DataFrame) -> pd.DataFrame:
    labels = by_label(table)["label"].tolist()
    left, middle, right = st.columns(3)
    with left:
        chosen = st.multiselect("Verdict", labels, placeholder="Any", **url_list("verdict", labels, []))
    with middle:
        least, most = st.slider("Confidence, %", 0, 100, key="batch_confidence", value=(0, 100))
    with right:
        order = st.selectbox(
            "Order", list(SortOrder), format_func=attrgetter("display"), **url_param("order", SortOrder)
        )
    ground_truth = st.query_params.get("ground_truth", "")
    if ground_truth:
        st.button(
            f"Clear ground truth filter: {literal(ground_truth)}",
            icon=":material/filter_alt_off:",
            key="batch_ground_truth",
            on_click=_clear_ground_truth,
        )
    return PredictionFilter(tuple(chosen), ground_truth, least / 100, most / 100).apply(table, SortOrder(order))


def _draw_one(batch: Batch, row: pd.Series) -> None:
    with st.container(border=True):
        st.button("Close", icon=":material/close:", key="batch_close", type="tertiary", on_click=_close)
        image, facts = st.columns([3, 2])
        with image:
            draw_photo_with_evidence(_card(batch, row), evidence_of(row.to_dict()), LARGE_SIDE)
        with facts:
            st.markdown(f"#### {literal(row['label'])}")
            st.text(_caption(row))
            for label, probability in zip(row["top_labels"], row["top_probabilities"], strict=True):
                st.text(f"{probability:.0%}  {label}")
            st.caption(
                literal(
                    row["failure"]
                    or f"Decided by {VerdictSource(row['source']).display}; {row['agreement']} of "
                    f"{counted(row['views'], 'view')} agree."
                )
            )
            if isinstance(row["closer_label"], str):
                st.caption(literal(f"Closer look: {row['closer_label']} {row['closer_probability']:.0%}."))
            draw_review(
                str(batch.metadata.root / row["path"]),
                row["path"],
                predicted=row["label"],
                classes=batch.metadata.classes,
                models=batch.metadata.models,
            )


def _clear_ground_truth() -> None:
    st.query_params.pop("ground_truth", None)


def _open(image_id: str) -> None:
    st.query_params["image"] = image_id


def _close() -> None:
    st.query_params.pop("image", None)


def _caption(row: pd.Series) -> str:
    verdict = f"{row['label']}, {row['confidence']:.0%}" if row["label"] != FAILED else FAILED
    if pd.notna(row["reviewed_at"]):
        verdict = f"{row['label']}, reviewed"
    time = f"{row['taken_at']:%Y-%m-%d %H:%M}" if pd.notna(row["taken_at"]) else ""
    ground_truth = f"ground truth: {row['ground_truth']}" if row["ground_truth"] else ""
    return "\n".join(filter(None, [verdict, row["path"], time, ground_truth]))
