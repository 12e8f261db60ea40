"""Identify: one verdict for each burst."""

import pandas as pd
import streamlit as st

from pages.identify.answers import Answer
from wildcam.data.folder_levels import without_camera_folders
from wildcam.data.sequences import GAP_SECONDS
from wildcam.predictions.summary import by_burst


def draw_bursts(answers: list[Answer]) -> None:
    """A row for each burst of two images or more."""
    with st.container(border=True):
        st.markdown("**Bursts**")
        gap = st.slider(
            "Longest gap within a burst, seconds",
            1,
            600,
            GAP_SECONDS,
            key="identify_gap",
            bind="query-params",
            help="Between two photos of the same folder, by their EXIF times.",
        )
        bursts = by_burst(_table(answers), gap)
        if bursts.empty:
            st.caption("No bursts: no two photos of a folder are this close in time, or they have no EXIF time.")
            return
        st.caption(
            "A burst has an animal if any of its photos has one (from five photos on: two of them). Its species is the "
            "one that most photos name. The verdicts of single photos do not change."
        )
        st.dataframe(
            bursts[["taken_at", "images", "sentence", "labels", "paths"]],
            hide_index=True,
            key="identify_bursts",
            column_config={
                "taken_at": st.column_config.DatetimeColumn("Start"),
                "images": "Photos",
                "sentence": "Verdict",
                "labels": "Single photos",
                "paths": "Files",
            },
        )


def _table(answers: list[Answer]) -> pd.DataFrame:
    """The columns of a batch's table that bursts are made of; a folder counts as a location."""
    return pd.DataFrame(
        {
            "image_id": [str(number) for number in range(len(answers))],
            "path": [answer.image.name for answer in answers],
            "location": [without_camera_folders(answer.image.file.folder) for answer in answers],
            "sequence_id": "",
            "taken_at": pd.Series([answer.taken_at for answer in answers], dtype="datetime64[us]"),
            "label": [answer.verdict.label for answer in answers],
            "confidence": [answer.verdict.confidence for answer in answers],
        }
    )
