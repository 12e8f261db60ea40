"""Photos that are like one photo, where a data set's photos were compared."""

from pathlib import Path

import streamlit as st

from pages.widgets.gallery import draw_gallery
from wildcam.data.catalog import Dataset
from wildcam.settings import load_settings
from wildcam.similarity.index import SimilarityIndex, index_path, read_index

SHOWN = 12


def load_index(dataset: Dataset) -> SimilarityIndex | None:
    """The similarity index of a data set, one for all sessions; None where there is none."""
    path = index_path(load_settings(), dataset.name)
    return _read(path, path.stat().st_mtime_ns) if path.exists() else None


def index_key(index: SimilarityIndex) -> str:
    """What tells one from another, for caches."""
    return repr(index.info)


@st.cache_resource(max_entries=4, show_spinner="Reading which photos are alike …")
def _read(path: Path, changed: int) -> SimilarityIndex | None:
    return read_index(path)


def draw_more_like(dataset: Dataset, image_id: str) -> None:
    """The photos most like one, with how alike they are; nothing where it was not compared."""
    index = load_index(dataset)
    if index is None:
        return
    like = index.like(image_id)
    like = like[like["image_id"].isin(dataset.index["image_id"])].head(SHOWN)
    if like.empty:
        return
    st.subheader("More like this", anchor=False)
    rows = dataset.rows_of(like["image_id"]).loc[like["image_id"]]
    notes = {row["image_id"]: f"similarity {row['similarity']:.2f}" for _, row in like.iterrows()}
    draw_gallery(dataset, rows, key="alike", open_photo=_open, notes=notes)


def _open(image_id: str) -> None:
    st.query_params["image"] = image_id
