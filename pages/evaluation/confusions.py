"""Against the truth: what is taken for what. A cell leads to its images."""

import streamlit as st

from pages.evaluation.evaluated import Evaluated, share_column
from pages.widgets.chart import draw_chart
from pages.widgets.url_state import url_switch
from wildcam.charts.confusion import GROUND_TRUTH, LABEL, confusion_map
from wildcam.evaluation.end_to_end import confusions, count_confusions
from wildcam.evaluation.summary import Unit


def draw_confusions(evaluated: Evaluated) -> None:
    counts = count_confusions(evaluated.scored)
    by_share = st.toggle("Shares of each row instead of counts", **url_switch("shares"))
    one_each = evaluated.unit is Unit.IMAGE
    st.caption(
        "A row is what is shown, its cells how often it was called what; the share of the row is on the cell. "
        + ("A click on a cell shows its photos." if one_each else "")
    )
    draw_chart(
        confusion_map(counts, by_share=by_share),
        counts.reset_index(),
        key="truth_confusion",
        name=evaluated.file("confusions"),
        on_click=(lambda told: _show(told[GROUND_TRUTH], told[LABEL])) if one_each else None,
    )
    st.subheader("The commonest mistakes", anchor=False)
    st.dataframe(
        confusions(evaluated.scored),
        hide_index=True,
        key="truth_mistakes",
        column_config={
            "ground_truth": "It shows",
            "label": "Called",
            "images": evaluated.things.capitalize(),
            "share": share_column("Of those"),
        },
    )


def _show(ground_truth: str, label: str) -> None:
    """Lead the address to the images of a cell."""
    for name in ("part", "page", "image"):
        st.query_params.pop(name, None)
    st.query_params.update({"view": "photos", "ground_truth": ground_truth, "verdict": label})
