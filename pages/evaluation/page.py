"""Evaluation: a batch against the ground truth of its data set: scores, errors, calibration, and what to review."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.evaluation.calibration import draw_calibration
from pages.evaluation.classes import draw_classes
from pages.evaluation.comparison import draw_comparison
from pages.evaluation.confusions import draw_confusions
from pages.evaluation.empty_filter import draw_empty_filter
from pages.evaluation.evaluated import Evaluated
from pages.evaluation.inspection import draw_review
from pages.evaluation.locations import draw_locations
from pages.evaluation.scores import draw_scores
from pages.widgets.dataset import open_shared
from pages.widgets.markdown import literal
from pages.widgets.run import choose_run
from pages.widgets.segments import choose_segment
from wildcam.architectures.presets import Task
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.data.catalog import Dataset, list_datasets
from wildcam.errors import DamagedFile, DataError
from wildcam.evaluation.bursts import score_bursts
from wildcam.evaluation.ground_truth import score_predictions
from wildcam.evaluation.summary import Unit, default_unit
from wildcam.predictions.batches import Batch, finished_batches, open_batch
from wildcam.predictions.parts import parts_stamp, read_predictions
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.stored import Stamp

DEMO_WARNING = "Demo models: these scores say nothing about real photos."


class Part(Choice):
    """What is shown of an evaluation."""

    SCORES = "scores", "Scores"
    CLASSES = "classes", "Classes"
    CONFUSIONS = "confusions", "Confusions"
    LOCATIONS = "locations", "Locations"
    EMPTY_FILTER = "empty_filter", "Empty filter"
    CALIBRATION = "calibration", "Calibration"
    REVIEW = "review", "Review"
    COMPARISON = "comparison", "Comparison"


DRAW = {
    Part.SCORES: draw_scores,
    Part.CLASSES: draw_classes,
    Part.CONFUSIONS: draw_confusions,
    Part.LOCATIONS: draw_locations,
    Part.EMPTY_FILTER: draw_empty_filter,
    Part.CALIBRATION: draw_calibration,
    Part.REVIEW: draw_review,
}


def _identity(dataset: Dataset) -> str:
    return repr(dataset)


@st.cache_resource(max_entries=4, show_spinner="Reading the predictions …", hash_funcs={Dataset: _identity})
def _scored(folder: Path, parts: Stamp, dataset: Dataset, task: Task, unit: Unit) -> tuple[pd.DataFrame, int]:
    """The scored table, read only, and how many images are not in it."""
    table = read_predictions(folder)
    scored = score_predictions(table, dataset, task)
    left_out = len(table) - len(scored)
    return score_bursts(scored) if unit is Unit.BURST else scored, left_out


def _choose_batch(store: RunStore) -> tuple[Batch, Dataset]:
    """Draw the chooser; where there is nothing to evaluate, say what to do and end the page."""
    datasets = {info.name: info for info in list_datasets(store.settings.datasets_dir)}
    runs = finished_batches(store, datasets)
    if not runs:
        st.info("There is no finished batch of a data set yet: run one, then evaluate it here.", icon=":material/info:")
        st.page_link("pages/batch/page.py", label="Start a batch", icon=":material/photo_library:")
        st.stop()
    run = choose_run("Finished batch", runs)
    if run is None:
        st.stop()
    return open_batch(store, run.id), open_shared(store.settings.datasets_dir, datasets[run.params["dataset"]])


def _draw(store: RunStore, batch: Batch, dataset: Dataset) -> None:
    unit = choose_segment(
        "Evaluate per", Unit, "per", forget=("page",), label_visibility="visible", first=default_unit(dataset)
    )
    part = choose_segment("Part", Part, "part", forget=("page", "ground_truth", "label"))
    parts = parts_stamp(batch.run.folder)
    scored, left_out = _scored(batch.run.folder, parts, dataset, batch.metadata.task, unit)
    if unit is Unit.IMAGE and default_unit(dataset) is Unit.BURST:
        st.caption("The labels are of whole bursts: not every photo shows its animal. Evaluate per burst.")
    if left_out:
        st.caption(f"Left out: {counted(left_out, 'photo')} without a ground truth for this task.")
    version = f"{batch.run.id} {parts} {unit} {batch.metadata!r} {_identity(dataset)}"
    evaluated = Evaluated(batch, dataset, unit, version, scored)
    if part is Part.COMPARISON:
        draw_comparison(store, evaluated)
    else:
        DRAW[part](evaluated)


store = RunStore(load_settings())
st.title("Evaluation")
st.write("A finished batch against the ground truth of its data set.")
batch, dataset = _choose_batch(store)
if batch.metadata.is_demo:
    st.warning(DEMO_WARNING, icon=":material/warning:")
st.page_link(
    "pages/batch/page.py",
    label="Photos of this batch",
    icon=":material/photo_library:",
    query_params={"run": batch.run.id},
)
try:
    _draw(store, batch, dataset)
except DamagedFile:
    raise
except DataError as error:
    st.info(literal(str(error)), icon=":material/info:")
