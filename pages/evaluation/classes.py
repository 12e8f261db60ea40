"""Against the truth, by class, and by head, middle and tail."""

import streamlit as st

from pages.evaluation.evaluated import Evaluated, share_column
from pages.widgets.chart import draw_download
from wildcam.evaluation.end_to_end import by_band, by_class
from wildcam.evaluation.protocol import train_sizes


def draw_classes(evaluated: Evaluated) -> None:
    request = evaluated.batch.request
    classes = by_class(evaluated.scored, train_sizes(evaluated.dataset, request.subset, request.split_spec))
    st.dataframe(
        by_band(classes),
        hide_index=True,
        key="truth_bands",
        column_config={
            "band": "Part of the tail",
            "classes": "Classes",
            "images": evaluated.things.capitalize(),
            "f1": "F1",
            "recall": share_column("Recall"),
        },
    )
    where = "on the train side of the split" if request.subset else "in the data set"
    st.caption(f"Head, middle and tail by the photos of each class {where}: above 100, 20 to 100, fewer.")
    st.dataframe(
        classes,
        hide_index=True,
        key="truth_classes",
        column_config={
            "label": "Class",
            "images": evaluated.things.capitalize(),
            "precision": share_column("Precision"),
            "recall": share_column("Recall"),
            "f1": "F1",
            "band": "Part of the tail",
        },
    )
    draw_download(classes, key="truth_classes_csv", name=evaluated.file("classes"))
