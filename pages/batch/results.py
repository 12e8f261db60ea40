"""Batch: the predictions by photo, species, location and burst."""

from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.batch.photos import draw_images
from pages.widgets.dataset import open_shared
from pages.widgets.segments import choose_segment
from pages.widgets.url_state import url_number
from wildcam.choice import Choice
from wildcam.data.catalog import Dataset, list_datasets
from wildcam.data.reviews import ReviewLayer
from wildcam.data.sequences import GAP_SECONDS
from wildcam.evaluation.ground_truth import ground_truth_of_images
from wildcam.predictions.batches import Batch
from wildcam.predictions.parts import parts_stamp, read_predictions
from wildcam.predictions.reviewed import with_reviews
from wildcam.predictions.summary import by_burst, by_label, by_location
from wildcam.runs.states import State
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN
from wildcam.settings import load_settings
from wildcam.stored import Stamp

SHOWN_COLUMNS = (
    "image_id",
    "path",
    "location",
    "sequence_id",
    "taken_at",
    "camera",
    "utc_offset",
    "label",
    "confidence",
    "reviewed_at",
)
MOST_FOR_BURSTS = 100_000
"""Rows whose bursts are computed while the page waits."""
MOST_GAP_SECONDS = 600
PERCENT = st.column_config.NumberColumn("Mean confidence", format="percent")


class View(Choice):
    """A view of the predictions, in the URL as `?view=`."""

    PHOTOS = "photos", "Photos"
    SPECIES = "species", "Species"
    LOCATIONS = "locations", "Locations"
    BURSTS = "bursts", "Bursts"


def draw_results(batch: Batch) -> None:
    table = _reviewed(batch.run.folder, parts_stamp(batch.run.folder), batch.reviews)
    if table.empty:
        st.caption("No predictions yet: they are written every few seconds.")
        return
    _draw_counts(table)
    dataset = _dataset(batch)
    if dataset and batch.run.state is State.FINISHED:
        st.page_link(
            "pages/evaluation/page.py",
            label="Evaluation",
            icon=":material/fact_check:",
            query_params={"run": batch.run.id},
        )
    st.page_link(
        "pages/review/page.py",
        label="Review the answers",
        icon=":material/rate_review:",
        query_params={"source": batch.run.id},
    )
    view = choose_segment("View", View, "view")
    if view == View.SPECIES:
        st.dataframe(
            by_label(table),
            hide_index=True,
            key="batch_species",
            column_config={
                "label": "Verdict",
                "images": _count("Photos"),
                "locations": _count("Locations"),
                "confidence": PERCENT,
            },
        )
    elif view == View.LOCATIONS:
        st.dataframe(
            by_location(table),
            hide_index=True,
            key="batch_cameras",
            column_config={
                "location": "Location or folder",
                "images": _count("Photos"),
                "animals": _count("Animals"),
                "empty": _count("Empty"),
                "failed": _count("Failed"),
                "species": _count("Species named"),
                "majority": "Most frequent species",
            },
        )
    elif view == View.BURSTS:
        _draw_bursts(table)
    else:
        draw_images(batch, _with_ground_truth(table, batch, dataset))


@st.cache_resource(max_entries=4, show_spinner="Counting the reviews …", hash_funcs={ReviewLayer: repr})
def _reviewed(folder: Path, parts: Stamp, reviews: ReviewLayer) -> pd.DataFrame:
    return with_reviews(_table(folder, parts), reviews)


@st.cache_resource(max_entries=4, show_spinner="Reading the results …")
def _table(folder: Path, parts: Stamp) -> pd.DataFrame:
    """The columns that the page shows, one copy for all sessions: all columns of a million rows would fill memory."""
    return read_predictions(folder, list(SHOWN_COLUMNS))


def _dataset(batch: Batch) -> Dataset | None:
    """The data set of the batch, where it still exists."""
    datasets_dir = load_settings().datasets_dir
    name = batch.run.params.get("dataset", "")
    info = next((info for info in list_datasets(datasets_dir) if info.name == name), None)
    return open_shared(datasets_dir, info) if info else None


def _with_ground_truth(table: pd.DataFrame, batch: Batch, dataset: Dataset | None) -> pd.DataFrame:
    """Also `ground_truth`, as an evaluation of this batch has it; "" where it is not known."""
    if dataset is None:
        return table.assign(ground_truth="")
    return table.assign(ground_truth=ground_truth_of_images(table["image_id"], dataset, batch.metadata.task))


def _draw_counts(table: pd.DataFrame) -> None:
    counts = table["label"].value_counts()
    empty, unknown, failed = (int(counts.get(label, 0)) for label in (EMPTY, UNKNOWN, FAILED))
    figures = {
        "Photos": len(table),
        "Empty": empty,
        "Species named": len(table) - empty - unknown - failed,
        "Unknown species": unknown,
        "Failed": failed,
    }
    for column, (title, figure) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(title, f"{figure:,}", border=True)


def _draw_bursts(table: pd.DataFrame) -> None:
    gap = st.slider(
        "Longest gap within a burst, seconds",
        1,
        MOST_GAP_SECONDS,
        **url_number("gap", GAP_SECONDS, 1, MOST_GAP_SECONDS),
        help="Between two photos of the same location or folder. The bursts of a data set stay as they are.",
    )
    if len(table) > MOST_FOR_BURSTS:
        st.info(f"Bursts are shown for batches of at most {MOST_FOR_BURSTS:,} photos.", icon=":material/info:")
        return
    bursts = by_burst(table, gap)
    if bursts.empty:
        st.caption("No bursts: no two photos are this close in time, or they have no time.")
        return
    st.dataframe(
        bursts.drop(columns=["image_ids", "paths", "sentence"]),
        hide_index=True,
        key="batch_bursts",
        column_config={
            "location": "Location or folder",
            "taken_at": st.column_config.DatetimeColumn("Start"),
            "images": _count("Photos"),
            "label": "Verdict",
            "confidence": PERCENT,
            "agreement": _count("Votes"),
            "labels": "Single photos",
        },
    )


def _count(title: str) -> ColumnConfig:
    return st.column_config.NumberColumn(title, format="localized")
