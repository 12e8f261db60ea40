"""Explore, similarity: a map of the photos, and lists of what their neighbours tell."""

from operator import attrgetter
from typing import Any

import pandas as pd
import streamlit as st

from pages.widgets.alike import index_key, load_index
from pages.widgets.explore_links import show_photos
from pages.widgets.gallery import draw_gallery
from pages.widgets.job import Job, draw_job
from pages.widgets.photo_grid import choose_page
from pages.widgets.url_state import url_param
from wildcam.charts.similarity import similarity_map
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.similarity.findings import AlikeFinding, find_alike
from wildcam.similarity.index import SimilarityIndex
from wildcam.similarity.submit import latest_similarity, submit_similarity

MOST_POINTS = 50_000
CHOSEN = 24
_MAP = "explore_similarity_map"


class Colour(Choice):
    """What the colours of the map mean."""

    LABEL = "label", "Label"
    LOCATION = "location", "Location"
    GROUP = "group", "Group"


def draw_similarity(dataset: Dataset) -> None:
    store = RunStore(load_settings())
    index = load_index(dataset)
    draw_job(
        store,
        Job(
            key="explore_similarity",
            name="Similar photos",
            start_label="Find similar photos" if index is None else "Compare again",
            icon=":material/bubble_chart:",
            latest=lambda: latest_similarity(store, dataset.name),
            start=lambda: submit_similarity(store, dataset.name),
        ),
    )
    if index is None:
        st.info(
            "The photos have not been compared yet. A pretrained network describes each of them, once for all; then "
            "alike photos are found whatever their labels say. A probe trains on the same descriptions.",
            icon=":material/info:",
        )
        return
    _draw_what_it_is_of(dataset, index)
    _draw_map(dataset, index)
    _draw_findings(dataset, index)


def _draw_what_it_is_of(dataset: Dataset, index: SimilarityIndex) -> None:
    left_out = f" {counted(index.info.unreadable, 'photo')} could not be read." if index.info.unreadable else ""
    st.caption(f"{counted(len(index.image_ids), 'photo')}, compared {index.info.made_at:%Y-%m-%d %H:%M} UTC.{left_out}")
    if not index.is_of(dataset):
        st.warning(
            "Photos were added or removed since: new ones are not in it. Compare again.", icon=":material/update:"
        )


def _draw_map(dataset: Dataset, index: SimilarityIndex) -> None:
    colour = st.segmented_control(
        "Colour", list(Colour), format_func=attrgetter("display"), required=True, **url_param("colour", Colour)
    )
    points = _points(dataset, index)
    if len(points) > MOST_POINTS:
        st.caption(f"The map shows a sample of {MOST_POINTS:,} photos.")
        points = points.sample(MOST_POINTS, random_state=0)
    st.caption("Near each other lie photos that are alike. Draw around some to see them; the map has no scale.")
    figure = similarity_map(points, points[Colour(colour).value])
    chosen = st.plotly_chart(
        figure, key=_MAP, config={"displayModeBar": False}, on_select="rerun", selection_mode=("lasso", "points")
    )
    ids = _chosen_ids(chosen)
    if ids:
        rows = dataset.rows_of(ids)
        st.markdown(f"**{counted(len(ids), 'photo')} chosen**" + (f", {CHOSEN} shown" if len(ids) > CHOSEN else ""))
        draw_gallery(dataset, rows.head(CHOSEN), key="explore_alike_chosen", open_photo=lambda one: _open(dataset, one))


def _chosen_ids(chosen: Any) -> list[str]:
    return [point["customdata"][0] for point in chosen.selection.points]


@st.cache_data(max_entries=4, show_spinner=False, hash_funcs={Dataset: repr, SimilarityIndex: index_key})
def _points(dataset: Dataset, index: SimilarityIndex) -> pd.DataFrame:
    """`image_id`, `x`, `y`, `label`, `location` and `group` of the photos that the data set still has."""
    points = pd.DataFrame(
        {"image_id": index.image_ids, "x": index.plane[:, 0], "y": index.plane[:, 1], "group": index.group.astype(str)}
    )
    known = dataset.index[["image_id", "label", "location"]].astype(object)
    return points.merge(known, on="image_id").fillna({"label": "", "location": ""})


def _draw_findings(dataset: Dataset, index: SimilarityIndex) -> None:
    found = {finding: _find(dataset, index, finding) for finding in AlikeFinding}
    finding = st.segmented_control(
        "Found",
        list(AlikeFinding),
        format_func=lambda one: f"{one.display} ({len(found[one]):,})",
        required=True,
        wrap=True,
        **url_param("found", AlikeFinding, forget=("page",)),
    )
    table = found[AlikeFinding(finding)]
    if table.empty:
        st.info("None.", icon=":material/check:")
        return
    on_page = choose_page(table)
    rows = dataset.rows_of(on_page["image_id"]).loc[on_page["image_id"]]
    notes = dict(zip(on_page["image_id"], on_page["note"], strict=True))
    draw_gallery(dataset, rows, key="explore_alike", open_photo=lambda one: _open(dataset, one), notes=notes)


@st.cache_data(
    max_entries=12,
    show_spinner="Comparing labels and neighbours …",
    hash_funcs={Dataset: repr, SimilarityIndex: index_key},
)
def _find(dataset: Dataset, index: SimilarityIndex, finding: AlikeFinding) -> pd.DataFrame:
    return find_alike(index, dataset.index, finding)


def _open(dataset: Dataset, image_id: str) -> None:
    show_photos(dataset, image=image_id)
