"""Against the truth: two batches on the same images."""

import pandas as pd
import streamlit as st

from pages.evaluation.evaluated import Evaluated, draw_figure
from pages.widgets.chart import draw_download
from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.evaluation.end_to_end import compare
from wildcam.evaluation.summary import check_same_task, score_by
from wildcam.predictions.batches import open_batch
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore


def draw_comparison(store: RunStore, evaluated: Evaluated) -> None:
    this = evaluated.batch.run
    others = {
        run.id: f"{run.name} ({run.id[:8]})"
        for run in store.all(Kind.PREDICT)
        if run.id != this.id and run.params.get("dataset") == evaluated.dataset.name
    }
    if not others:
        st.info(
            "Another batch of the same data set is needed: with other models, views or thresholds.",
            icon=":material/info:",
        )
        return
    chosen = st.selectbox("Against", list(others), format_func=others.__getitem__, key="truth_against")
    try:
        other = open_batch(store, chosen)
        check_same_task(evaluated.batch.metadata, other.metadata)
        theirs = score_by(evaluated.unit, other.table(), evaluated.dataset, other.metadata.task)
    except WildcamError as error:
        st.error(literal(str(error)))
        return
    found = compare(evaluated.scored, theirs)
    left, right = st.columns(2)
    with left:
        draw_figure("Difference of the right answers", found.accuracy)
    with right:
        draw_figure("Difference in macro-F1", found.macro_f1)
    st.caption(
        f"On {found.images:,} {evaluated.things} that both were asked about, drawn by camera. Of the right answers: "
        + (
            "the range leaves zero out."
            if found.accuracy.excludes_zero
            else "the range holds zero: these do not decide which is better."
        )
    )
    left, right = st.columns(2)
    with left:
        _draw_only("Only this one is right", found.only_first, evaluated.file("only-this-one"))
    with right:
        _draw_only("Only the other is right", found.only_second, evaluated.file("only-the-other"))


def _draw_only(title: str, image_ids: tuple[str, ...], name: str) -> None:
    st.metric(title, f"{len(image_ids):,}", border=True)
    draw_download(pd.DataFrame({"image_id": image_ids}), key=f"truth_{title}", name=name)
