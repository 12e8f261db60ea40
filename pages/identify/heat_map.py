"""Identify: where the models see what they name: the evidence of their graphs at once, else occlusion on demand."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.widgets.evidence import draw_evidence
from pages.widgets.markdown import literal
from wildcam.serving.evidence import find_evidence, map_of_class
from wildcam.serving.heat import overlay
from wildcam.serving.occlusion import occlusion_map
from wildcam.serving.two_stage import Verdict
from wildcam.serving.two_stage_classifier import TwoStageClassifier


def draw_heat_maps(
    verdict: Verdict, preview: bytes, image: NDArray[np.uint8], classifier: TwoStageClassifier, *, key: str
) -> None:
    """`preview`: a JPEG; `image`: the input of stage 2, uint8, (S, S, 3)."""
    species = classifier.species
    shows_species = species.has_evidence and verdict.top
    if verdict.evidence or shows_species:
        st.subheader("Evidence", anchor=False)
        left, right = st.columns(2)
        with left:
            if verdict.evidence:
                draw_evidence(preview, verdict.evidence)
        if shows_species:
            label = verdict.top[0].label
            _, evidence = species.predict_with_evidence(image[None])
            with right:
                draw_evidence(
                    preview, find_evidence(label, map_of_class(evidence[0], species.card.classes.index(label)))
                )
    if verdict.top and not species.has_evidence:
        _draw_occlusion(verdict.top[0].label, image, classifier, key)


def _draw_occlusion(label: str, image: NDArray[np.uint8], classifier: TwoStageClassifier, key: str) -> None:
    if not st.toggle("Show heat map", key=f"identify_heat_map_{key}"):
        return
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
        f"Occlusion map for “{literal(label)}” (Zeiler and Fergus 2014): parts of the photo are covered one at a time, "
        "and the fall of the probability is measured. It shows which pixels mattered, not whether the answer is "
        "correct."
    )
