"""What validation said of each image: recall by class, the hardest images, and the surest mistakes."""

import pandas as pd
import streamlit as st

from pages.widgets.dataset import open_shared
from pages.widgets.explore_links import photos_link
from pages.widgets.gallery import draw_gallery
from pages.widgets.url_state import url_param
from wildcam.charts.recall import recall_bars
from wildcam.data.catalog import Dataset, list_datasets
from wildcam.runs.run import Run
from wildcam.settings import load_settings
from wildcam.training.validation_table import hardest, high_confidence_errors, read_validation, recall_by_class

SHOWN = 8
EPOCHS = ("Best epoch", "Last epoch")
KINDS = {"Surest mistakes": high_confidence_errors, "Hardest": hardest}


def draw_mistakes(run: Run) -> None:
    """Drawn only when its section is opened; a run writes it anew after each epoch."""
    table = read_validation(run.folder)
    if table is None:
        return
    st.subheader("Class by class")
    epoch = st.segmented_control("Epoch", EPOCHS, required=True, **url_param("epoch", EPOCHS))
    if epoch == EPOCHS[1]:
        table = read_validation(run.folder, best=False)
    if table is None:
        return
    recall = recall_by_class(table)
    st.caption("Of the validation photos of each class, how many the model names. A class with few is hardly known.")
    st.plotly_chart(recall_bars(recall), key="runs_recall", config={"displayModeBar": False})
    with st.expander("Every class", icon=":material/table:"):
        st.dataframe(
            recall,
            hide_index=True,
            key="runs_recall_table",
            column_config={
                "label": "Class",
                "images": st.column_config.NumberColumn("Photos", format="localized"),
                "recall": st.column_config.NumberColumn("Recall", format="percent"),
            },
        )
    _draw_images(run, table)


def _draw_images(run: Run, table: pd.DataFrame) -> None:
    dataset = _dataset(run)
    if dataset is None:
        return
    kind = st.segmented_control("Photos", list(KINDS), required=True, **url_param("images", KINDS))
    chosen = KINDS[kind](table, SHOWN)
    rows = dataset.rows_of(chosen["image_id"])
    chosen = chosen[chosen["image_id"].isin(rows.index)]
    notes = {
        row["image_id"]: f"taken for {row['prediction']} ({row['confidence']:.0%})"
        if row["prediction"] != row["target"]
        else f"right, but only {row['target_probability']:.0%} sure"
        for _, row in chosen.iterrows()
    }
    draw_gallery(
        dataset,
        rows.loc[chosen["image_id"]],
        key="runs_mistake",
        notes=notes,
        open_photo=lambda image_id: _ask_for(dataset, image_id),
    )
    if asked := st.session_state.pop("runs_image", None):
        st.switch_page("pages/explore/page.py", query_params=asked)


def _ask_for(dataset: Dataset, image_id: str) -> None:
    """Remember what to look at: a callback may not change the page."""
    st.session_state["runs_image"] = photos_link(dataset, image=image_id)


def _dataset(run: Run) -> Dataset | None:
    datasets_dir = load_settings().datasets_dir
    info = next((info for info in list_datasets(datasets_dir) if info.name == run.params.get("dataset")), None)
    return open_shared(datasets_dir, info) if info else None
