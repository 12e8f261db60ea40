"""Against the truth: what is taken for what. A cell leads to its photographs."""

import streamlit as st

from pages.parts.address import tied_switch
from pages.parts.explore.chart import draw_chart
from pages.parts.truth.evaluated import Evaluated, share_column
from wildcam.charts.confusion import LABEL, TRUTH, confusion_map
from wildcam.evaluation.end_to_end import confusions, count_confusions
from wildcam.evaluation.summary import Unit


def draw_confusions(evaluated: Evaluated) -> None:
    counts = count_confusions(evaluated.judged)
    by_share = st.toggle("Shares of each row instead of counts", **tied_switch("shares"))
    one_each = evaluated.unit is Unit.PHOTOGRAPH
    st.caption(
        "A row is what is shown, its cells how often it was called what; the share of the row is on the cell. "
        + ("A click on a cell shows its photographs." if one_each else "")
    )
    draw_chart(
        confusion_map(counts, by_share=by_share), counts.reset_index(), key="truth_confusion", name=evaluated.file("confusions"),
        on_click=(lambda told: _show(told[TRUTH], told[LABEL])) if one_each else None,
    )  # fmt: skip
    st.subheader("The commonest mistakes", anchor=False)
    st.dataframe(
        confusions(evaluated.judged), hide_index=True, key="truth_mistakes",
        column_config={"truth": "It shows", "label": "Called", "photographs": evaluated.things.capitalize(), "share": share_column("Of those")},
    )  # fmt: skip


def _show(truth: str, label: str) -> None:
    """Lead the address to the photographs of a cell."""
    for name in ("part", "page", "photograph"):
        st.query_params.pop(name, None)
    st.query_params.update({"view": "Photographs", "truth": truth, "verdict": label})
