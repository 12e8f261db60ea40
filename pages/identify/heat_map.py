"""Identify: what the species model looked at, on demand."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from wildcam.serving.classifier import TwoStageClassifier
from wildcam.serving.occlusion import occlusion_map, overlay
from wildcam.serving.two_stage import Verdict


def draw_heat_map(verdict: Verdict, image: NDArray[np.uint8], classifier: TwoStageClassifier, *, key: str) -> None:
    """`image`: as stage 2 sees it, uint8, (S, S, 3)."""
    if not verdict.top or not st.toggle("Show what the species model looked at", key=f"identify_looked_{key}"):
        return
    label = verdict.top[0].label
    heat = occlusion_map(classifier.species.predict, image, classifier.species.card.classes.index(label))
    left, right = st.columns(2)
    left.image(image, width="stretch", alt="The photo as the model sees it", caption="As the model sees it")
    right.image(
        overlay(image, heat),
        width="stretch",
        alt="Heat map",
        caption="Yellow: without this part it would be less sure",
    )
    if not heat.any():
        st.caption("No single part matters: whatever is covered, the answer stays as sure.")
    st.caption(
        "One part of the photo after another is covered, and the fall of the probability measured (occlusion, Zeiler and "
        "Fergus 2014). It shows what the answer rests on, not whether it is right."
    )
