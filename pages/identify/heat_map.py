"""Identify: the heat map of the species model, on demand."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from wildcam.serving.classifier import TwoStageClassifier
from wildcam.serving.occlusion import occlusion_map, overlay
from wildcam.serving.two_stage import Verdict


def draw_heat_map(verdict: Verdict, image: NDArray[np.uint8], classifier: TwoStageClassifier, *, key: str) -> None:
    """`image`: the input of stage 2, uint8, (S, S, 3)."""
    if not verdict.top or not st.toggle("Show heat map", key=f"identify_heat_map_{key}"):
        return
    label = verdict.top[0].label
    heat = occlusion_map(classifier.species.predict, image, classifier.species.card.classes.index(label))
    left, right = st.columns(2)
    left.image(image, width="stretch", alt="Model input", caption="Model input")
    right.image(
        overlay(image, heat),
        width="stretch",
        alt="Heat map",
        caption="Yellow: the probability falls most when this part is covered",
    )
    if not heat.any():
        st.caption("No part matters on its own: the probability does not fall wherever the photo is covered.")
    st.caption(
        f"Occlusion map for “{label}” (Zeiler and Fergus 2014): parts of the photo are covered one at a time, "
        "and the fall of the probability is measured. It shows which pixels mattered, not whether the answer is "
        "correct."
    )
