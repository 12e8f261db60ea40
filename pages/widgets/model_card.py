"""The card of a model as the pages show it: training, scores, calibration, how it serves, what it knows."""

import pandas as pd
import streamlit as st

from wildcam.counting import counted
from wildcam.data.splits import SplitPolicy
from wildcam.serving.bundle import Bundle
from wildcam.serving.card import METRIC_TITLES, SUBSET_TITLES, UNSEEN, ModelCard
from wildcam.serving.classifier import preferred_precision, usable
from wildcam.serving.knowledge import table_of
from wildcam.serving.trials import describe_views

PROTOCOL_NOTES = {
    SplitPolicy.LOCATION: "Validation (new locations) and test have locations that are not in training.",
    SplitPolicy.SEQUENCE: (
        "Bursts are not split, but all subsets share their locations: expect lower scores at new locations."
    ),
    SplitPolicy.RANDOM: (
        "Photos were split at random, so a burst can be in training and in test: the scores are optimistic (leaks)."
    ),
    SplitPolicy.GIVEN: "The subsets are those of the data set's source.",
}


def draw_card(bundle: Bundle, title: str) -> None:
    """The model card: training data, preset, and scores on images outside training."""
    card = bundle.card
    with st.container(border=True):
        st.markdown(f"**{title}**")
        st.text(
            f"{bundle.name}: preset {card.preset}, {card.image_size} × {card.image_size} px.\n"
            f"Trained on the data set {card.dataset}, split by {card.split_policy}; best epoch {card.best_epoch}.\n"
            f"Created on {card.created_at:%Y-%m-%d} by run {card.run_id[:8]}."
        )
        if card.scores:
            st.dataframe(_score_table(card), height="content")
            st.caption(
                "Scores of this stage alone, with one view. The majority-class baseline is the accuracy of always "
                f"predicting the most frequent class. {PROTOCOL_NOTES[SplitPolicy(card.split_policy)]}"
            )
        st.caption(" ".join(_calibration_notes(card)))
        st.caption(" ".join(_serving_notes(card)))
        _draw_knowledge(card)
        with st.popover(f"Show {counted(len(card.classes), 'class')}"):
            st.text("\n".join(card.classes))


def _draw_knowledge(card: ModelCard) -> None:
    """Scores with whole locations or sources left out, and the sources with their licences."""
    known = card.knowledge
    if known is None:
        return
    if known.left_out:
        st.dataframe(pd.DataFrame(table_of(known.left_out)), height="content", hide_index=True)
        st.caption(
            "Each photo was answered by a model that saw nothing of its source, location or burst (cross-validation). "
            f"Confidence intervals by {len(known.groups)} of these."
        )
    if known.sources:
        with st.popover(f"Show {counted(len(known.sources), 'source')}"):
            st.dataframe(pd.DataFrame([use.model_dump() for use in known.sources]), hide_index=True)


def _calibration_notes(card: ModelCard) -> list[str]:
    """Calibration, and confidence on species outside training."""
    notes = [f"Calibrated on {card.measured_on} by temperature scaling (temperature {card.temperature:.2f})."]
    for score in card.scores:
        if score.subset == UNSEEN and score.metric == "auroc":
            notes.append(
                f"Species outside training: AUROC {score.value:.2f} of the confidence against known species, on "
                f"{counted(score.images, 'photo')} (0.5 is chance)."
            )
    return notes


def _serving_notes(card: ModelCard) -> list[str]:
    """Number format in use here, with its parity, and what views and the closer look are worth."""
    precision = usable(preferred_precision(card))
    parity = card.parity_of(precision)
    notes = [
        f"Computes in {precision.display}; largest difference of a probability to the trained network "
        + (f"{parity:.1g}." if parity is not None else "not measured in this number format.")
    ]
    notes += [worth for worth in (describe_views(card.view_trials),) if worth]
    return notes + ([card.closer_trial.describe()] if card.closer_trial else [])


def _score_table(card: ModelCard) -> pd.DataFrame:
    """A column a subset, a row a metric."""
    columns = {}
    for subset, title_of_subset in SUBSET_TITLES.items():
        scores = {score.metric: score for score in card.scores if score.subset == subset}
        if scores:
            images = next(iter(scores.values())).images
            figures = {title: f"{scores[key].value:.3f}" for key, title in METRIC_TITLES.items() if key in scores}
            columns[title_of_subset] = {"Photos": f"{images:,}", **figures}
    return pd.DataFrame(columns)
