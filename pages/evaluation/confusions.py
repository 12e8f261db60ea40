"""Evaluation: the confusion matrix. A click on a cell shows its photos below."""

import streamlit as st

from pages.evaluation.evaluated import Evaluated, share_column
from pages.evaluation.inspection import draw_photos
from pages.widgets.chart import draw_chart
from pages.widgets.url_state import url_switch
from wildcam.charts.confusion import GROUND_TRUTH, LABEL, confusion_matrix
from wildcam.counting import counted
from wildcam.evaluation.end_to_end import confusions, count_confusions

CELL = ("ground_truth", "label")
"""The chosen cell, in the address and as columns of the scored table."""


def draw_confusions(evaluated: Evaluated) -> None:
    counts = count_confusions(evaluated.scored)
    by_share = st.toggle("Shares of each row", **url_switch("shares"))
    st.caption("Rows: ground truth; columns: prediction. Click a cell to see its photos.")
    draw_chart(
        confusion_matrix(counts, by_share=by_share),
        counts.reset_index(),
        key="evaluation_confusions",
        name=evaluated.file("confusions"),
        on_click=_choose,
    )
    if all(name in st.query_params for name in CELL):
        _draw_cell(evaluated, *(st.query_params[name] for name in CELL))
    st.subheader("Most frequent errors", anchor=False)
    st.dataframe(
        confusions(evaluated.scored),
        hide_index=True,
        key="evaluation_errors",
        column_config={
            "ground_truth": "Ground truth",
            "label": "Prediction",
            "images": evaluated.unit.heading,
            "share": share_column("Share of the ground truth"),
        },
    )


def _draw_cell(evaluated: Evaluated, ground_truth: str, label: str) -> None:
    scored = evaluated.scored
    rows = scored[(scored["ground_truth"] == ground_truth) & (scored["label"] == label)]
    rows = rows.sort_values("confidence", ascending=False, kind="stable")
    st.subheader("Photos of the cell", anchor=False)
    st.text(f"Ground truth {ground_truth}, predicted as {label}: {counted(len(rows), evaluated.unit.display)}")
    st.button("Close", icon=":material/close:", key="evaluation_close_cell", type="tertiary", on_click=_forget)
    draw_photos(evaluated, rows.assign(why=rows["confidence"].map("confidence {:.0%}".format)))


def _choose(customdata: list[str]) -> None:
    st.query_params.pop("page", None)
    st.query_params.update({"ground_truth": customdata[GROUND_TRUTH], "label": customdata[LABEL]})


def _forget() -> None:
    for name in (*CELL, "page"):
        st.query_params.pop(name, None)
