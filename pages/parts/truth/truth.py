"""A batch beside what its data set says: end to end, by class, by camera, as a filter, photograph by photograph."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.parts.address import tied
from pages.parts.truth.cameras import draw_cameras
from pages.parts.truth.classes import draw_classes
from pages.parts.truth.comparison import draw_comparison
from pages.parts.truth.confidence import draw_confidence
from pages.parts.truth.confusions import draw_confusions
from pages.parts.truth.empty_filter import draw_empty_filter
from pages.parts.truth.evaluated import Evaluated
from pages.parts.truth.inspection import draw_inspection
from pages.parts.truth.scores import draw_scores
from wildcam.data.catalog import Dataset
from wildcam.evaluation.bursts import judge_bursts
from wildcam.evaluation.summary import Unit
from wildcam.evaluation.truth import judge
from wildcam.predictions.batches import Batch
from wildcam.predictions.parts import count_parts, read_predictions
from wildcam.runs.store import RunStore
from wildcam.serving.question import Question

PARTS = {
    "End to end": draw_scores, "Classes": draw_classes, "Confusions": draw_confusions, "Cameras": draw_cameras,
    "Empty filter": draw_empty_filter, "Confidence": draw_confidence, "Inspect": draw_inspection,
}  # fmt: skip
COMPARE = "Compare"


def _identity(dataset: Dataset) -> str:
    return repr(dataset.info)


def draw_truth(store: RunStore, batch: Batch, dataset: Dataset) -> None:
    names = (*PARTS, COMPARE)
    part = st.segmented_control("Part", names, required=True, label_visibility="collapsed", **tied("part", names))
    unit = Unit(
        st.segmented_control("Judge each", list(Unit), required=True, format_func=str.capitalize, **tied("per", Unit))
    )
    parts = count_parts(batch.run.folder)
    judged, left_out = _judged(batch.run.folder, parts, dataset, batch.facts.question, unit)
    if left_out:
        st.caption(
            f"Not judged: {left_out:,} of the photographs, of which the data set says nothing that could be held against them."
        )
    version = f"{batch.run.id} {parts} {unit} {batch.facts!r} {_identity(dataset)}"
    evaluated = Evaluated(batch, dataset, unit, version, judged)
    if part == COMPARE:
        draw_comparison(store, evaluated)
    else:
        PARTS[str(part)](evaluated)


@st.cache_resource(max_entries=4, show_spinner="Reading the results …", hash_funcs={Dataset: _identity})
def _judged(folder: Path, parts: int, dataset: Dataset, question: Question, unit: Unit) -> tuple[pd.DataFrame, int]:
    """The judged table, read only, and how many photographs are not in it."""
    table = read_predictions(folder)
    judged = judge(table, dataset, question)
    left_out = len(table) - len(judged)
    return judge_bursts(judged) if unit is Unit.BURST else judged, left_out
