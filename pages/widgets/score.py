"""The verdict on a training run: its score beside the majority-class baseline."""

import streamlit as st

from wildcam.runs.score import RunScore


def draw_score(score: RunScore) -> None:
    baseline = score.scores.majority_class_accuracy
    st.metric(
        f"Accuracy, {score.subset.display.lower()}",
        f"{score.scores.accuracy:.1%}",
        f"{100 * (score.scores.accuracy - baseline):+.1f} points to the baseline",
        delta_color="normal" if score.beats_baseline else "off",
        help=f"The majority-class baseline is {baseline:.1%} on the same photos.",
    )
    if not score.beats_baseline:
        st.caption(":material/thumb_down: Not better than always predicting the most frequent class.")
