"""Two models side by side, by the scores on their cards."""

import pandas as pd
import streamlit as st

from pages.widgets.markdown import literal
from wildcam.counting import counted
from wildcam.serving.bundle import Bundle
from wildcam.serving.card import METRIC_TITLES, SUBSET_TITLES


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
    both = len(set(one.classes) & set(other.classes))
    known = "; ".join(f"{bundle.name} knows {counted(len(bundle.card.classes), 'class')}" for bundle in (first, second))
    st.caption(literal(f"{known}. Classes that both know: {both:,}."))
    if rows := _rows(first, second):
        st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="–", key="models_comparison")


def _rows(first: Bundle, second: Bundle) -> list[dict[str, object]]:
    scores = [{(score.subset, score.metric): score for score in bundle.card.scores} for bundle in (first, second)]
    rows: list[dict[str, object]] = []
    for subset, title in SUBSET_TITLES.items():
        for metric, name in METRIC_TITLES.items():
            found = [own.get((subset, metric)) for own in scores]
            if any(found):
                cells = [f"{score.value:.3f} ({counted(score.images, 'photo')})" if score else None for score in found]
                columns = (f"Model {first.name}", f"Model {second.name}")  # a model may be named as a column is
                rows.append({"Subset": title, "Score": name, **dict(zip(columns, cells, strict=True))})
    return rows
