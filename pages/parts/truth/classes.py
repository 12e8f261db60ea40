"""Against the truth, by class, and by head, middle and tail."""

import streamlit as st

from pages.parts.explore.chart import draw_download
from pages.parts.truth.evaluated import Evaluated, share_column
from wildcam.evaluation.end_to_end import by_band, by_class
from wildcam.evaluation.protocol import train_sizes


def draw_classes(evaluated: Evaluated) -> None:
    request = evaluated.batch.request
    classes = by_class(evaluated.judged, train_sizes(evaluated.dataset, request.side, request.split_spec))
    st.dataframe(
        by_band(classes), hide_index=True, key="truth_bands",
        column_config={
            "band": "Part of the tail", "classes": "Classes", "photographs": evaluated.things.capitalize(), "f1": "F1",
            "recall": share_column("Recall"),
        },
    )  # fmt: skip
    where = "on the train side of the split" if request.side else "in the data set"
    st.caption(f"Head, middle and tail by the photographs of each class {where}: above 100, 20 to 100, fewer.")
    st.dataframe(
        classes, hide_index=True, key="truth_classes",
        column_config={
            "label": "Class", "photographs": evaluated.things.capitalize(), "precision": share_column("Precision"), "recall": share_column("Recall"), "f1": "F1",
            "band": "Part of the tail",
        },
    )  # fmt: skip
    draw_download(classes, key="truth_classes_csv", name=evaluated.file("classes"))
