"""Identify: images that were taken together answer together."""

import pandas as pd
import streamlit as st

from pages.identify.answer import Answer
from wildcam.data.sequences import GAP_SECONDS
from wildcam.predictions.summary import by_burst


def draw_bursts(answers: list[Answer]) -> None:
    """A row for each burst of two images or more; nothing where every image stands alone."""
    with st.container(border=True):
        st.markdown("**Bursts**")
        gap = st.slider(
            "Seconds between two photos of one burst, at most",
            1,
            600,
            GAP_SECONDS,
            key="identify_gap",
            bind="query-params",
            help="Of the same folder, by the time in their files (EXIF).",
        )
        bursts = by_burst(_table(answers), gap)
        if bursts.empty:
            st.caption(
                "None: no two photos of a folder were taken so close together, or their files don't say when they were taken."
            )
            return
        st.caption(
            "An animal that is seen in any frame makes the burst one with an animal (of five frames or more: in two); the species that "
            "most frames name wins. Each photo's own answer stays as it is above."
        )
        st.dataframe(
            bursts[["taken_at", "images", "sentence", "labels", "paths"]],
            hide_index=True,
            key="identify_bursts",
            column_config={
                "taken_at": st.column_config.DatetimeColumn("From"),
                "images": "Photos",
                "sentence": "The burst shows",
                "labels": "Each photo",
                "paths": "Files",
            },
        )


def _table(answers: list[Answer]) -> pd.DataFrame:
    """The columns of a batch's table that bursts are made of; a folder stands for its camera."""
    return pd.DataFrame(
        {
            "image_id": [str(number) for number in range(len(answers))],
            "path": [answer.image.name for answer in answers],
            "location": [answer.image.incoming.folder for answer in answers],
            "sequence_id": "",
            "taken_at": pd.Series([answer.taken_at for answer in answers], dtype="datetime64[us]"),
            "label": [answer.verdict.label for answer in answers],
            "confidence": [answer.verdict.confidence for answer in answers],
        }
    )
