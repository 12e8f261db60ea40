"""Two models side by side, by the scores on their cards."""

import pandas as pd
import streamlit as st

from pages.widgets.markdown import literal
from wildcam.counting import counted
from wildcam.data.splits import Subset
from wildcam.serving.bundle import Bundle
from wildcam.serving.card import CROSS_VALIDATION, METRIC_TITLES

SUBSETS = {**{str(subset): subset.display for subset in Subset}, CROSS_VALIDATION: "Cross-validation"}


def draw_comparison(first: Bundle, second: Bundle) -> None:
    """A row a score that either has; what makes the scores incomparable is said first."""
    one, other = first.card, second.card
    if one.task is not other.task:
        st.warning(
            "They do different tasks: their scores do not compare.",
            icon=":material/compare_arrows:",
        )
    elif (one.dataset, one.split_fingerprint) != (other.dataset, other.split_fingerprint):
        st.warning(
            "Their scores come from different photos, so they do not compare. Run a batch of each over one labelled "
            "data set, and compare the two on Evaluation.",
            icon=":material/compare_arrows:",
        )
    known_by_both = set(one.classes) & set(other.classes)
    st.caption(
        literal(
            f"{first.name} knows {counted(len(one.classes), 'class')}, {second.name} {len(other.classes):,}; "
            f"both know {len(known_by_both):,} of them."
        )
    )
    if rows := _rows(first, second):
        st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="–", key="models_comparison")


def _rows(first: Bundle, second: Bundle) -> list[dict[str, object]]:
    scores = [{(score.subset, score.metric): score for score in bundle.card.scores} for bundle in (first, second)]
    rows: list[dict[str, object]] = []
    for subset, title in SUBSETS.items():
        for metric, name in METRIC_TITLES.items():
            found = [own.get((subset, metric)) for own in scores]
            if any(found):
                cells = [f"{score.value:.3f} ({counted(score.images, 'photo')})" if score else None for score in found]
                rows.append({"Subset": title, "Score": name, first.name: cells[0], second.name: cells[1]})
    return rows
