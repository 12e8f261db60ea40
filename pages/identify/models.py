"""Identify: which models answer, how, and what their cards say."""

import pandas as pd
import streamlit as st

from wildcam.architectures.presets import Task
from wildcam.charts.splits import SUBSET_TITLES
from wildcam.data.splits import SplitPolicy
from wildcam.serving.bundle import Bundle, list_bundles
from wildcam.serving.card import UNSEEN, ModelCard
from wildcam.serving.tta import DEFAULT_VIEWS, MAX_VIEWS
from wildcam.serving.two_stage import Aggregation
from wildcam.settings import load_settings

METRIC_WORDS = {
    "accuracy": "Accuracy",
    "majority_class_accuracy": "Floor",
    "balanced_accuracy": "Balanced accuracy",
    "macro_f1": "Macro-F1",
    "recall_empty": "Empty ones found",
    "recall_animal": "Animals found",
}
PROTOCOL_WORDS = {
    SplitPolicy.LOCATION: "New cameras and test show places that training never saw.",
    SplitPolicy.SEQUENCE: "Bursts were kept whole, but every side has the same cameras: expect less on new ones.",
    SplitPolicy.RANDOM: "Photos were dealt at random, so neighbours of a burst are on both sides: this flatters.",
    SplitPolicy.GIVEN: "The sides are those that the data set's source gives.",
}


def choose_models(defaults: tuple[Bundle, Bundle]) -> tuple[Bundle, Bundle]:
    """Draw the choosers of both stages; kept in the address."""
    models_dir = load_settings().models
    stages = [list_bundles(models_dir, Task.EMPTY), list_bundles(models_dir, Task.SPECIES, Task.ALL)]
    titles = ["Stage 1: empty or animal", "Stage 2: which species"]
    chosen = []
    for column, title, bundles, default, key in zip(
        st.columns(2), titles, stages, defaults, ["identify_empty", "identify_species"], strict=True
    ):
        names = [bundle.name for bundle in bundles]
        name = column.selectbox(title, names, names.index(default.name), key=key, bind="query-params")
        chosen.append(bundles[names.index(name)])
    return chosen[0], chosen[1]


def choose_views() -> tuple[int, Aggregation]:
    """Draw how often each image is looked at and how the looks become one answer; kept in the address."""
    left, right = st.columns(2)
    views = left.slider(
        "Views of each photo",
        1,
        MAX_VIEWS,
        DEFAULT_VIEWS,
        key="identify_views",
        bind="query-params",
        help="1 looks at the photo as it is. The others are changed copies like those in training.",
    )
    aggregation = right.segmented_control(
        "How they become one answer",
        list(Aggregation),
        default=Aggregation.VOTE,
        required=True,
        format_func=str.capitalize,
        key="identify_aggregation",
        help="The majority of the views, as in the experiment; or the mean of their probabilities.",
    )
    return views, Aggregation(aggregation)


def draw_card(bundle: Bundle, title: str) -> None:
    """What a model is, what it learned from, and how well it did on images that it had not seen."""
    card = bundle.card
    with st.container(border=True):
        st.markdown(f"**{title}**")
        st.text(
            f"{bundle.name}: preset {card.preset}, {card.image_size} × {card.image_size} px.\n"
            f"Learned from the data set {card.dataset}, split by {card.split_policy}; best epoch {card.best_epoch}.\n"
            f"Made {card.created_at:%Y-%m-%d} by run {card.run_id[:8]}."
        )
        if card.scores:
            st.dataframe(_score_table(card), height="content")
            st.caption(
                "Measured on each photo as it is (one view), without the other stage. The floor is the accuracy of "
                f"always naming the commonest class. {PROTOCOL_WORDS[SplitPolicy(card.split_policy)]}"
            )
        st.caption(" ".join(_calibration_words(card)))
        with st.popover(f"Its {len(card.classes)} classes"):
            st.text("\n".join(card.classes))


def _calibration_words(card: ModelCard) -> list[str]:
    """What its probabilities are worth, and what it does with species that it never saw."""
    words = [f"Probabilities are calibrated on validation (temperature {card.temperature:.2f})."]
    for score in card.scores:
        if score.subset == UNSEEN and score.metric == "auroc":
            words.append(
                f"Species never seen in training: in {score.value:.0%} of the pairs it is less sure of one of those than of one that it "
                f"knows (AUROC on {score.images:,} photos; 50% would be chance)."
            )
    return words


def _score_table(card: ModelCard) -> pd.DataFrame:
    """A column a side, a row a figure."""
    columns = {}
    for subset, words in SUBSET_TITLES.items():
        scores = {score.metric: score for score in card.scores if score.subset == subset}
        if scores:
            images = next(iter(scores.values())).images
            figures = {title: f"{scores[key].value:.3f}" for key, title in METRIC_WORDS.items() if key in scores}
            columns[words] = {"Photos": f"{images:,}", **figures}
    return pd.DataFrame(columns)
