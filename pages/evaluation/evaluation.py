"""A batch beside what its data set says: end to end, by class, by camera, as a filter, image by image."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.evaluation.classes import draw_classes
from pages.evaluation.comparison import draw_comparison
from pages.evaluation.confidence import draw_confidence
from pages.evaluation.confusions import draw_confusions
from pages.evaluation.empty_filter import draw_empty_filter
from pages.evaluation.evaluated import Evaluated
from pages.evaluation.inspection import draw_inspection
from pages.evaluation.locations import draw_locations
from pages.evaluation.scores import draw_scores
from pages.widgets.url_state import url_param
from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset
from wildcam.evaluation.bursts import score_bursts
from wildcam.evaluation.ground_truth import score_predictions
from wildcam.evaluation.summary import Unit
from wildcam.predictions.batches import Batch
from wildcam.predictions.parts import count_parts, read_predictions
from wildcam.runs.store import RunStore

PARTS = {
    "End to end": draw_scores,
    "Classes": draw_classes,
    "Confusions": draw_confusions,
    "Cameras": draw_locations,
    "Empty filter": draw_empty_filter,
    "Confidence": draw_confidence,
    "Inspect": draw_inspection,
}
COMPARE = "Compare"


def _identity(dataset: Dataset) -> str:
    return repr(dataset.info)


def draw_evaluation(store: RunStore, batch: Batch, dataset: Dataset) -> None:
    names = (*PARTS, COMPARE)
    part = st.segmented_control("Part", names, required=True, label_visibility="collapsed", **url_param("part", names))
    unit = Unit(
        st.segmented_control(
            "Judge each", list(Unit), required=True, format_func=str.capitalize, **url_param("per", Unit)
        )
    )
    parts = count_parts(batch.run.folder)
    scored, left_out = _scored(batch.run.folder, parts, dataset, batch.metadata.task, unit)
    if left_out:
        st.caption(
            f"Not judged: {left_out:,} of the photos, of which the data set says nothing that could be held against them."
        )
    version = f"{batch.run.id} {parts} {unit} {batch.metadata!r} {_identity(dataset)}"
    evaluated = Evaluated(batch, dataset, unit, version, scored)
    if part == COMPARE:
        draw_comparison(store, evaluated)
    else:
        PARTS[str(part)](evaluated)


@st.cache_resource(max_entries=4, show_spinner="Reading the results …", hash_funcs={Dataset: _identity})
def _scored(folder: Path, parts: int, dataset: Dataset, task: Task, unit: Unit) -> tuple[pd.DataFrame, int]:
    """The judged table, read only, and how many images are not in it."""
    table = read_predictions(folder)
    scored = score_predictions(table, dataset, task)
    left_out = len(table) - len(scored)
    return score_bursts(scored) if unit is Unit.BURST else scored, left_out
