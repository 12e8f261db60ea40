"""Evaluation: stage 1 at every threshold, the animals that a threshold misses and the work that it saves."""

import streamlit as st

from pages.evaluation.evaluated import Evaluated, share_column
from pages.widgets.chart import draw_chart
from pages.widgets.glossary import glossary_help
from wildcam.charts.empty_filter import filter_costs, precision_recall, roc
from wildcam.counting import counted
from wildcam.evaluation.empty_filter import empty_filter, operating_points


def draw_empty_filter(evaluated: Evaluated) -> None:
    found = empty_filter(evaluated.scored)
    if found is None:
        st.info(
            "The empty filter cannot be evaluated here: it needs empty photos, photos with animals, and a model that "
            "predicts empty.",
            icon=":material/info:",
        )
        return
    left, right = st.columns(2)
    left.metric(
        "AUROC",
        f"{found.auroc:.3f}",
        border=True,
        help=glossary_help("roc_auc"),
    )
    right.metric(
        "Average precision",
        f"{found.average_precision:.3f}",
        border=True,
        help=glossary_help("average_precision"),
    )
    st.subheader("Missed animals and saved work", anchor=False)
    draw_chart(filter_costs(found.costs), found.costs, key="evaluation_costs", name=evaluated.file("costs"))
    st.dataframe(
        operating_points(found.costs),
        hide_index=True,
        key="evaluation_points",
        column_config={
            "limit": share_column("Missed animals, at most"),
            "threshold": st.column_config.NumberColumn("Threshold", format="%.2f"),
            "missed_animals": share_column("Missed animals"),
            "saved": share_column("Photos saved from review"),
        },
    )
    st.caption(
        f"On {counted(found.images, evaluated.unit.display)}, by the mean probability of empty. Set the threshold "
        "where a batch is started. Choosing and evaluating a threshold on the same photos is optimistic: check it on "
        "others."
    )
    left, right = st.columns(2)
    with left:
        draw_chart(roc(found.roc), found.roc, key="evaluation_roc", name=evaluated.file("roc"))
    with right:
        draw_chart(
            precision_recall(found.precision_recall),
            found.precision_recall,
            key="evaluation_precision_recall",
            name=evaluated.file("precision-recall"),
        )
