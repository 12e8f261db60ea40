"""Identify: one verdict for each burst."""

import pandas as pd
import streamlit as st

from pages.identify.answers import Answer
from wildcam.data.folder_levels import without_camera_folders
from wildcam.data.importers.header_columns import cameras_of_uploads
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
    shots = [answer.shot for answer in answers]
    folders = pd.Series([answer.image.file.folder for answer in answers], dtype="str")
    names = pd.Series([answer.image.name for answer in answers], dtype="str")
    return pd.DataFrame(
        {
            "image_id": [str(number) for number in range(len(answers))],
            "path": names,
            "location": folders.map(without_camera_folders),
            "camera": cameras_of_uploads(folders + "/" + names, shots),
            "sequence_id": [shot.sequence_id for shot in shots],
            "taken_at": pd.Series([shot.taken_at for shot in shots], dtype="datetime64[us]"),
            "utc_offset": pd.array([shot.utc_offset for shot in shots], dtype="Int16"),
            "label": [answer.verdict.label for answer in answers],
            "confidence": [answer.verdict.confidence for answer in answers],
        }
    )
