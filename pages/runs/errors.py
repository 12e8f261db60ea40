"""Errors on the validation subset: recall by class, confusion matrix, the hardest photos, high-confidence errors."""

from operator import attrgetter

import pandas as pd
import streamlit as st

from pages.widgets.chart import draw_chart
from pages.widgets.dataset import open_shared
from pages.widgets.explore_links import photos_link
from pages.widgets.gallery import draw_gallery
from pages.widgets.url_state import url_param
from wildcam.charts.confusion import confusion_matrix
from wildcam.charts.recall import recall_bars
from wildcam.choice import Choice
from wildcam.data.catalog import Dataset, list_datasets
from wildcam.data.sequences import one_a_burst
from wildcam.evaluation.end_to_end import count_confusions
from wildcam.runs.run import Run
from wildcam.settings import load_settings
from wildcam.training.validation_table import hardest, high_confidence_errors, read_validation, recall_by_class

SHOWN = 8


class Epoch(Choice):
    """Which epoch's validation is shown."""

    BEST = "best", "Best epoch"
    LAST = "last", "Last epoch"


class Selection(Choice):
    """Which photos are shown."""

    HIGH_CONFIDENCE_ERRORS = "high_confidence_errors", "High-confidence errors"
    HARDEST = "hardest", "Hardest photos"


SELECT = {Selection.HIGH_CONFIDENCE_ERRORS: high_confidence_errors, Selection.HARDEST: hardest}


def draw_errors(run: Run) -> None:
    """A run writes its table anew after each epoch."""
    table = read_validation(run.folder)
    if table is None:
        st.info("No errors yet: they are recorded after the first epoch.", icon=":material/rule:")
        return
    epoch = st.segmented_control(
        "Epoch", list(Epoch), format_func=attrgetter("display"), required=True, **url_param("epoch", Epoch)
    )
    if epoch == Epoch.LAST:
        table = read_validation(run.folder, best=False)
    if table is None:
        return
    _draw_images(run, table)
    st.subheader("Recall by class", anchor=False)
    recall = recall_by_class(table)
    st.caption(
        "Share of each class's validation photos that the model classifies correctly. With few photos it is a rough "
        "estimate."
    )
    st.plotly_chart(recall_bars(recall), key="runs_recall", config={"displayModeBar": False})
    with st.expander("All classes", icon=":material/table:"):
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
    st.subheader("Confusion matrix", anchor=False)
    counts = count_confusions(table.rename(columns={"target": "ground_truth", "prediction": "label"}))
    st.caption("Rows: ground truth; columns: prediction.")
    draw_chart(confusion_matrix(counts), counts.reset_index(), key="runs_confusions", name=f"{run.id[:8]}-confusions")


def _draw_images(run: Run, table: pd.DataFrame) -> None:
    dataset = _dataset(run)
    if dataset is None:
        return
    selection = st.segmented_control(
        "Photos", list(Selection), format_func=attrgetter("display"), required=True, **url_param("images", Selection)
    )
    st.caption("Of each burst, whose photos look alike, only the first of these is shown.")
    ranked = SELECT[selection](table, len(table))
    rows = dataset.rows_of(ranked["image_id"])
    ranked = ranked[ranked["image_id"].isin(rows.index)]
    rows = one_a_burst(rows.loc[ranked["image_id"]]).head(SHOWN)
    chosen = ranked[ranked["image_id"].isin(rows.index)]
    notes = {
        row["image_id"]: f"predicted {row['prediction']} ({row['confidence']:.0%})"
        if row["prediction"] != row["target"]
        else f"correct, confidence {row['target_probability']:.0%}"
        for _, row in chosen.iterrows()
    }
    draw_gallery(
        dataset,
        rows,
        key="runs_error",
        notes=notes,
        open_photo=lambda image_id: _remember_link(dataset, image_id),
    )
    if link := st.session_state.pop("runs_image", None):
        st.switch_page("pages/explore/page.py", query_params=link)


def _remember_link(dataset: Dataset, image_id: str) -> None:
    """A callback may not change the page: the link is followed after it."""
    st.session_state["runs_image"] = photos_link(dataset, image=image_id)


def _dataset(run: Run) -> Dataset | None:
    datasets_dir = load_settings().datasets_dir
    info = next((info for info in list_datasets(datasets_dir) if info.name == run.params.get("dataset")), None)
    return open_shared(datasets_dir, info) if info else None
