"""The newest training that ended well: its score beside the baseline, and the worst of its errors."""

import streamlit as st

from pages.widgets.damage import damage_shown
from pages.widgets.dataset import open_shared
from pages.widgets.gallery import photo_of
from pages.widgets.markdown import literal
from pages.widgets.photo_grid import draw_photo
from pages.widgets.score import draw_score
from wildcam.data.catalog import list_datasets
from wildcam.data.thumbnails import GALLERY_SIDE
from wildcam.runs.run import Run
from wildcam.runs.score import score_of
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.training.validation_table import high_confidence_errors, read_validation


def draw_last_result(store: RunStore) -> None:
    run = store.latest(Kind.TRAIN, State.FINISHED)
    score = score_of(run) if run else None
    if run is None or score is None:
        return
    st.subheader("Last result", anchor=False)
    with st.container(border=True, horizontal=True):
        with st.container():
            st.markdown(f"**{literal(run.name)}**")
            draw_score(score)
            st.page_link(
                "pages/runs/page.py", label="Open the run", icon=":material/monitoring:", query_params={"run": run.id}
            )
        with damage_shown():
            _draw_worst(store, run)


def _draw_worst(store: RunStore, run: Run) -> None:
    table = read_validation(run.folder)
    worst = None if table is None else high_confidence_errors(table, 1)
    datasets = {info.name: info for info in list_datasets(store.settings.datasets_dir)}
    info = datasets.get(run.params.get("dataset", ""))
    if worst is None or worst.empty or info is None:
        return
    dataset, error = open_shared(store.settings.datasets_dir, info), worst.iloc[0]
    rows = dataset.rows_of([error["image_id"]])
    if rows.empty:
        return
    with st.container(width=260):
        note = f"predicted {error['prediction']} ({error['confidence']:.0%})"
        draw_photo(photo_of(dataset, rows.iloc[0], note=note), GALLERY_SIDE)
        st.text(f"Worst error: {note}, labelled {error['target']}")
