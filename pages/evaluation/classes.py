"""Evaluation by class, and by head, middle and tail."""

import streamlit as st

from pages.evaluation.evaluated import Evaluated, share_column
from pages.widgets.chart import draw_download
from wildcam.evaluation.end_to_end import by_band, by_class
from wildcam.evaluation.protocol import train_sizes
from wildcam.profile.long_tail import HEAD_ABOVE, TAIL_BELOW


def draw_classes(evaluated: Evaluated) -> None:
    request = evaluated.batch.request
    classes = by_class(evaluated.scored, train_sizes(evaluated.dataset, request.subset, request.split_spec))
    st.dataframe(
        by_band(classes),
        hide_index=True,
        key="evaluation_bands",
        column_config={
            "band": "Band",
            "classes": "Classes",
            "images": evaluated.unit.heading,
            "f1": "F1",
            "recall": share_column("Recall"),
        },
    )
    where = "training photos of the split" if request.subset else "photos in the data set"
    st.caption(
        f"Head: over {HEAD_ABOVE} {where}; middle: {TAIL_BELOW} to {HEAD_ABOVE}; tail: under {TAIL_BELOW}. "
        "Means over classes."
    )
    st.dataframe(
        classes,
        hide_index=True,
        key="evaluation_classes",
        column_config={
            "label": "Class",
            "images": evaluated.unit.heading,
            "precision": share_column("Precision"),
            "recall": share_column("Recall"),
            "f1": "F1",
            "band": "Band",
        },
    )
    draw_download(classes, key="evaluation_classes_csv", name=evaluated.file("classes"))
