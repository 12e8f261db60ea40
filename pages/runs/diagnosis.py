"""What the curves of a run mean, in a sentence each, with the rule that fired."""

import pandas as pd
import streamlit as st

from wildcam.evaluation.diagnosis import Rule, diagnose

ICONS = {
    Rule.DIVERGED: ":material/dangerous:",
    Rule.OVERFITTING: ":material/trending_up:",
    Rule.PLATEAU: ":material/trending_flat:",
    Rule.STILL_IMPROVING: ":material/trending_down:",
    Rule.TRAIN_ABOVE_VALIDATION: ":material/help:",
}


def draw_diagnosis(points: pd.DataFrame, *, ended: bool) -> None:
    for found in diagnose(points, ended=ended):
        with st.container(border=True):
            st.markdown(f"{ICONS[found.rule]} **{found.rule.display}**")
            st.write(found.sentence)
