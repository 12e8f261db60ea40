"""A row of photos with their answers: of the newest batch, else the labels of the current data set."""

import pandas as pd
import streamlit as st

from pages.widgets.dataset import current_dataset
from pages.widgets.gallery import photo_of
from pages.widgets.markdown import literal
from pages.widgets.photo_grid import draw_photo
from wildcam.data.catalog import Dataset, Status
from wildcam.data.thumbnails import GALLERY_SIDE
from wildcam.errors import WildcamError
from wildcam.predictions.batches import open_batch
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.two_stage import FAILED

SHOWN = 4


def draw_photos(store: RunStore) -> None:
    dataset = current_dataset()
    rows = _examples(dataset)
    answers = _answers(store, dataset)
    grid = st.grid(SHOWN, min_column_width=150)
    for _, row in rows.iterrows():
        with grid.cell():
            draw_photo(photo_of(dataset, row), GALLERY_SIDE)
            _draw_chip(row, answers)
    where = "the answers of the newest batch" if answers else "the labels of the data set"
    st.caption(f"Photos of {literal(dataset.display)} with {where}.")


@st.cache_data(max_entries=20, show_spinner="Choosing photos …", hash_funcs={Dataset: repr})
def _examples(dataset: Dataset) -> pd.DataFrame:
    """A photo of each of the largest classes, then any."""
    readable = dataset.index[dataset.index["status"] == Status.OK]
    sizes = readable["label"].value_counts()
    largest = [label for label in sizes.index[:SHOWN] if sizes[label]]
    ids = [readable.loc[readable["label"] == label, "image_id"].iloc[0] for label in largest]
    rest = readable.loc[~readable["image_id"].isin(ids), "image_id"].head(SHOWN - len(ids))
    return dataset.rows_of([*ids, *rest])


def _answers(store: RunStore, dataset: Dataset) -> dict[str, tuple[str, float]]:
    """Label and confidence by image id, of the newest finished batch of this data set; nothing where there is none."""
    run = store.latest(Kind.PREDICT, State.FINISHED, dataset.name)
    if run is None:
        return {}
    try:
        table = open_batch(store, run.id).rows_of(_examples(dataset)["image_id"].tolist())
    except WildcamError:  # its page says what is wrong with it
        return {}
    answered = table[table["label"] != FAILED]
    return dict(zip(answered["image_id"], zip(answered["label"], answered["confidence"], strict=True), strict=True))


def _draw_chip(row: pd.Series, answers: dict[str, tuple[str, float]]) -> None:
    if answer := answers.get(row["image_id"]):
        label, confidence = answer
        st.badge(f"{literal(label)} {confidence:.0%}", color="blue", icon=":material/pets:")
    elif pd.notna(row["label"]):
        st.badge(literal(str(row["label"])), color="green", icon=":material/sell:")
    else:
        st.badge("no label", color="gray")
