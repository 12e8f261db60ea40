"""Models in a table: what each knows, its score at new locations, and which identify photos by default."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from wildcam.data.splits import Subset
from wildcam.errors import BundleError
from wildcam.serving.bundle import Bundle, ModelDirs, choose_pair
from wildcam.serving.card import CROSS_VALIDATION, SUBSET_TITLES

NEW_LOCATIONS = (Subset.TEST, Subset.VAL, CROSS_VALIDATION)
"""Scores of locations that training never saw; a probe is cross-validated by location."""

NAMED = 4


def draw_model_table(models: ModelDirs, bundles: Sequence[Bundle], key: str) -> None:
    """A row a model."""
    try:
        defaults = {bundle.name for bundle in choose_pair(models)}
    except BundleError:
        defaults = set()
    st.dataframe(
        pd.DataFrame([_row(bundle, bundle.name in defaults) for bundle in bundles]),
        hide_index=True,
        key=key,
        placeholder="–",
        column_config={
            "Macro-F1": st.column_config.NumberColumn(format="%.3f", help="At locations that training never saw."),
            "Photos": st.column_config.NumberColumn(format="localized", help="Photos of the score."),
        },
    )


def _row(bundle: Bundle, is_default: bool) -> dict[str, object]:
    card = bundle.card
    scores = [score for score in card.scores if score.metric == "macro_f1" and score.subset in NEW_LOCATIONS]
    score = max(scores, key=lambda score: score.images, default=None)  # of few photos a score says little
    classes = ", ".join(card.classes[:NAMED]) + (" …" if len(card.classes) > NAMED else "")
    return {
        "Model": bundle.name,
        "Default": "yes" if is_default else "",
        "Task": card.task.display,
        "Knows": f"{len(card.classes):,}: {classes}",
        "Macro-F1": score.value if score else None,
        "Scored on": SUBSET_TITLES[score.subset] if score else "",
        "Photos": score.images if score else None,
        "Made for": "demo photos" if card.is_demo else "real photos",
    }
