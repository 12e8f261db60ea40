"""Against the truth: stage 1 at every threshold, and what a threshold costs and saves."""

import streamlit as st

from pages.evaluation.evaluated import Evaluated, share_column
from pages.widgets.chart import draw_chart
from wildcam.charts.empty_filter import filter_costs, precision_recall, roc
from wildcam.evaluation.empty_filter import empty_filter, operating_points


def draw_empty_filter(evaluated: Evaluated) -> None:
    found = empty_filter(evaluated.scored)
    if found is None:
        st.info(
            "There is nothing to filter here: it takes empty photos, animals, and a model that tells them apart.",
            icon=":material/info:",
        )
        return
    left, right = st.columns(2)
    left.metric(
        "AUROC",
        f"{found.auroc:.3f}",
        border=True,
        help="How often an animal is held less empty than an empty one: 0.5 is chance, 1 is never wrong.",
    )
    right.metric(
        "Average precision",
        f"{found.average_precision:.3f}",
        border=True,
        help="Of finding animals: the area under precision over recall.",
    )
    st.subheader("What a threshold costs and saves", anchor=False)
    draw_chart(filter_costs(found.costs), found.costs, key="truth_costs", name=evaluated.file("costs"))
    st.dataframe(
        operating_points(found.costs),
        hide_index=True,
        key="truth_points",
        column_config={
            "limit": share_column("Animals that may be lost"),
            "threshold": st.column_config.NumberColumn("Threshold", format="%.2f"),
            "missed_animals": share_column("Animals lost"),
            "saved": share_column("Photos saved from review"),
        },
    )
    st.caption(
        f"On these {found.images:,} {evaluated.things}, by the mean probability of empty. Set the threshold where a batch is started. "
        "Chosen and judged on the same photos it flatters: check it on others."
    )
    left, right = st.columns(2)
    with left:
        draw_chart(roc(found.roc), found.roc, key="truth_roc", name=evaluated.file("roc"))
    with right:
        draw_chart(
            precision_recall(found.precision_recall),
            found.precision_recall,
            key="truth_precision_recall",
            name=evaluated.file("precision-recall"),
        )
