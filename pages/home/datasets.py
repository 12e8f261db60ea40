"""The data sets: thumbnails, what is in them, their health, and the next step as one button."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.home.manage import draw_delete, draw_manage_button, draw_management, managed_dataset
from pages.widgets.explore_links import Section, section_link
from pages.widgets.gallery import photo_of
from pages.widgets.markdown import literal
from pages.widgets.mine import choose_mine
from pages.widgets.photo_grid import draw_photo
from wildcam import profile
from wildcam.counting import counted
from wildcam.data.catalog import Dataset, DatasetInfo, Status, damaged_datasets, open_dataset
from wildcam.data.thumbnails import GALLERY_SIDE
from wildcam.errors import WildcamError
from wildcam.profile.next_step import NextStep, next_step
from wildcam.profile.overview import Overview
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore

THUMBNAILS = 3

TARGETS: dict[NextStep, tuple[str, str]] = {
    NextStep.CHECK: ("pages/explore/page.py", ":material/fact_check:"),
    NextStep.LABEL: ("pages/review/page.py", ":material/sell:"),
    NextStep.TRAIN: ("pages/train/page.py", ":material/model_training:"),
    NextStep.WATCH: ("pages/runs/page.py", ":material/monitoring:"),
    NextStep.IDENTIFY: ("pages/batch/page.py", ":material/pets:"),
}


@st.cache_data(max_entries=50, show_spinner="Counting …", hash_funcs={Dataset: repr})
def _overview(dataset: Dataset) -> tuple[Overview, pd.DataFrame]:
    """The figures, and the rows of a few photos of different classes."""
    index = dataset.index
    return profile.overview(index), index[index["status"] == Status.OK].drop_duplicates("label").head(THUMBNAILS)


@st.cache_data(ttl=30, show_spinner=False)
def _is_trained(_store: RunStore, home: str, dataset: str) -> bool:
    return _store.latest(Kind.TRAIN, State.FINISHED, dataset) is not None


def draw_datasets(store: RunStore, datasets: list[DatasetInfo]) -> None:
    st.subheader("Data sets", anchor=False)
    if mine := choose_mine("data sets"):
        datasets = [info for info in datasets if info.added_by == mine]
        st.caption(f"{counted(len(datasets), 'data set')} of yours.")
    if managed := next((info for info in datasets if info.name == managed_dataset()), None):
        draw_management(store, open_dataset(store.settings.datasets_dir, managed.name))
    training = {run.params.get("dataset") for run in store.live() if run.kind is Kind.TRAIN}
    grid = st.grid(3, min_column_width=260, border=True)
    for info in datasets:
        with grid.cell():
            try:
                trained = _is_trained(store, str(store.settings.home), info.name)
                _draw(open_dataset(store.settings.datasets_dir, info.name), info.name in training, trained)
            except WildcamError as error:
                st.markdown(f"**{literal(info.display)}**")
                st.text(str(error))


def draw_damaged_datasets(store: RunStore) -> None:
    """What is wrong with those that no list shows, and the way out."""
    for name, sentence in damaged_datasets(store.settings.datasets_dir).items():
        st.error(literal(sentence), icon=":material/broken_image:")
        draw_delete(store, name, name)


def _draw(dataset: Dataset, training: bool, trained: bool) -> None:
    figures, rows = _overview(dataset)
    st.markdown(f"**{literal(dataset.display)}**")
    if len(rows):
        with st.container(horizontal=True):
            for _, row in rows.iterrows():
                with st.container(width=80):
                    draw_photo(photo_of(dataset, row), GALLERY_SIDE)
    st.caption(" · ".join(_facts(figures)))
    st.caption(_health(dataset, figures))
    step = next_step(
        checked=dataset.info.checked_at is not None,
        labelled_share=figures.labelled / figures.images if figures.images else 0.0,
        training=training,
        trained=trained,
    )
    target, icon = TARGETS[step]
    if st.button(step.display, icon=icon, key=f"home_next_{dataset.name}", width="stretch"):
        st.switch_page(target, query_params=_address(dataset.name, step))
    draw_manage_button(dataset)


def _facts(figures: Overview) -> list[str]:
    facts = [counted(figures.images, "photo"), f"{figures.species:,} species", counted(figures.locations, "location")]
    if figures.first and figures.last:
        facts.append(f"{figures.first:%Y-%m-%d} to {figures.last:%Y-%m-%d}")
    if figures.empty_share is not None:
        facts.append(f"{figures.empty_share:.0%} empty")
    return facts


def _health(dataset: Dataset, figures: Overview) -> str:
    damaged = figures.missing + figures.unreadable
    if damaged:
        return f":material/warning: {counted(damaged, 'photo')} missing or unreadable"
    if dataset.info.checked_at is None:
        return ":material/help: Files not checked yet"
    return ":material/check: All files readable"


def _address(name: str, step: NextStep) -> dict[str, Any]:
    match step:
        case NextStep.CHECK:
            return section_link(name, Section.QUALITY)
        case _:
            return {"dataset": name}
