"""What validation said of each photograph: recall by class, the hardest photographs, and the surest mistakes."""

import pandas as pd
import streamlit as st

from pages.parts.address import tied
from pages.parts.dataset import open_shared
from pages.parts.explore.links import address_of
from pages.parts.gallery import draw_gallery
from wildcam.charts.recall import recall_bars
from wildcam.data.catalog import Dataset, list_datasets
from wildcam.runs.run import Run
from wildcam.settings import load_settings
from wildcam.training.validation_table import confidently_wrong, hardest, read_validation, recall_by_class

SHOWN = 8
EPOCHS = ("Best epoch", "Last epoch")
KINDS = {"Surest mistakes": confidently_wrong, "Hardest": hardest}


def draw_mistakes(run: Run) -> None:
    """Drawn only when its section is opened; a run writes it anew after each epoch."""
    table = read_validation(run.folder)
    if table is None:
        return
    st.subheader("Class by class")
    epoch = st.segmented_control("Epoch", EPOCHS, required=True, **tied("epoch", EPOCHS))
    if epoch == EPOCHS[1]:
        table = read_validation(run.folder, best=False)
    if table is None:
        return
    recall = recall_by_class(table)
    st.caption(
        "Of the validation photographs of each class, how many the model names. A class with few is hardly known."
    )
    st.plotly_chart(recall_bars(recall), key="runs_recall", config={"displayModeBar": False})
    with st.expander("Every class", icon=":material/table:"):
        st.dataframe(
            recall, hide_index=True, key="runs_recall_table",
            column_config={
                "label": "Class", "photographs": st.column_config.NumberColumn("Photographs", format="localized"),
                "recall": st.column_config.NumberColumn("Recall", format="percent"),
            },
        )  # fmt: skip
    _draw_photographs(run, table)


def _draw_photographs(run: Run, table: pd.DataFrame) -> None:
    dataset = _dataset(run)
    if dataset is None:
        return
    kind = st.segmented_control("Photographs", list(KINDS), required=True, **tied("photographs", KINDS))
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
        dataset, rows.loc[chosen["image_id"]], key="runs_mistake", notes=notes,
        open_photograph=lambda image_id: _ask_for(dataset, image_id),
    )  # fmt: skip
    if asked := st.session_state.pop("runs_photograph", None):
        st.switch_page("pages/screens/explore.py", query_params=asked)


def _ask_for(dataset: Dataset, image_id: str) -> None:
    """Remember what to look at: a callback may not change the page."""
    st.session_state["runs_photograph"] = address_of(dataset, photograph=image_id)


def _dataset(run: Run) -> Dataset | None:
    datasets_dir = load_settings().datasets_dir
    info = next((info for info in list_datasets(datasets_dir) if info.name == run.params.get("dataset")), None)
    return open_shared(datasets_dir, info) if info else None
