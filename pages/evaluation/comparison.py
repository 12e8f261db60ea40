"""Evaluation: two batches on the same images."""

import pandas as pd
import streamlit as st

from pages.evaluation.evaluated import Evaluated, draw_score
from pages.widgets.chart import draw_download
from pages.widgets.markdown import literal
from wildcam.counting import counted
from wildcam.errors import WildcamError
from wildcam.evaluation.end_to_end import compare
from wildcam.evaluation.summary import check_same_task, score_by
from wildcam.predictions.batches import finished_batches, open_batch
from wildcam.runs.store import RunStore


def draw_comparison(store: RunStore, evaluated: Evaluated) -> None:
    this = evaluated.batch.run
    others = {
        run.id: f"{run.name} ({run.id[:8]})"
        for run in finished_batches(store, [evaluated.dataset.name])
        if run.id != this.id
    }
    if not others:
        st.info(
            "A comparison needs another batch of the same data set: with other models, views or thresholds.",
            icon=":material/info:",
        )
        return
    chosen = st.selectbox("Compare with", list(others), format_func=others.__getitem__, key="evaluation_against")
    try:
        other = open_batch(store, chosen)
        check_same_task(evaluated.batch.metadata, other.metadata)
        scored_other = score_by(evaluated.unit, other.table(), evaluated.dataset, other.metadata.task)
        found = compare(evaluated.scored, scored_other)
    except WildcamError as error:
        st.error(literal(str(error)))
        return
    left, right = st.columns(2)
    with left:
        draw_score("Difference in accuracy", found.accuracy)
    with right:
        draw_score("Difference in macro-F1", found.macro_f1)
    st.caption(
        f"On the {counted(found.images, evaluated.unit.display)} in both batches, paired; 95 % CI (bootstrap by "
        "location). "
        + (
            "The interval of the accuracy excludes zero."
            if found.accuracy.excludes_zero
            else "The interval of the accuracy includes zero: it is not decided which batch is better."
        )
    )
    left, right = st.columns(2)
    with left:
        _draw_only("Only this batch is correct", found.only_first, evaluated.file("only-this-batch"))
    with right:
        _draw_only("Only the other is correct", found.only_second, evaluated.file("only-the-other"))


def _draw_only(title: str, image_ids: tuple[str, ...], name: str) -> None:
    st.metric(title, f"{len(image_ids):,}", border=True)
    draw_download(pd.DataFrame({"image_id": image_ids}), key=f"evaluation_{title}", name=name)
