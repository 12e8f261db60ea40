"""Explore, augmentation: one photo as a model gets it, in training and in inference."""

import random
from collections.abc import Iterable

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.widgets.segments import choose_segment
from pages.widgets.shown_photo import PERSON_BLURRED, ShownPhotos
from pages.widgets.url_state import url_number, url_param
from wildcam.architectures.presets import PRESETS
from wildcam.augmentation import Augmentation
from wildcam.data.catalog import Dataset, Status
from wildcam.data.labels import LabelRole
from wildcam.errors import WildcamError
from wildcam.images import load_square
from wildcam.serving.tta import DEFAULT_VIEWS, MAX_VIEWS, View, ViewSet, apply_view, make_views
from wildcam.training.augmentation_preview import draw_training_views
from wildcam.training.recipe import Recipe

DRAWS = 8
UNITS = {
    "flip": "",
    "rotation_degrees": "by up to ±{:g}°",
    "zoom": "by up to {:.0%}",
    "brightness": "by up to ±{:.0%}",
    "contrast": "by up to ±{:.0%}",
    "warp": "by up to {:g}",
}
DESCRIPTIONS = {
    "flip": "mirrored with probability 0.5",
    "rotation_degrees": "rotated",
    "zoom": "zoomed",
    "brightness": "brightness changed",
    "contrast": "contrast changed",
    "warp": "perspective warped",
}


def draw_augmentation(dataset: Dataset) -> None:
    st.write(
        "Photos are resized to a small square before they reach a model. In training each is also changed at random "
        "every epoch (augmentation); in inference several fixed views of a photo vote (test-time augmentation)."
    )
    left, right = st.columns(2)
    name = left.selectbox(
        "Preset",
        list(PRESETS),
        format_func=lambda key: PRESETS[key].title,
        **url_param("preset", PRESETS),
        help="A preset sets the image size and the ranges of the augmentation. Both can be changed on the Train page.",
    )
    seed = right.number_input("Random seed", 0, 9999, **url_number("seed", 0, 0, 9999))
    row = _choose(dataset)
    if row is None:
        st.info("No photo of this data set can be read.", icon=":material/info:")
        return
    recipe = Recipe.of(dataset.name, name)
    try:
        path = dataset.image_path(row["path"])
        if ShownPhotos().is_blurred(path):
            st.info(f"{PERSON_BLURRED}. Choose another photo.", icon=":material/visibility_off:")
            return
        image = load_square(path, recipe.image_size)
    except WildcamError as error:
        st.text(str(error))
        return
    st.subheader(f"Training: {DRAWS} random examples")
    st.caption(_describe(recipe.augmentation))
    _draw_views(image, draw_training_views(recipe.augmentation, PRESETS[name].framework, DRAWS, seed))
    st.subheader("Inference: fixed views")
    count = st.slider("Views", 1, MAX_VIEWS, **url_number("views", DEFAULT_VIEWS, 1, MAX_VIEWS))
    view_set = choose_segment("View set", ViewSet, "set")
    st.caption(
        "The same for every photo, and the original first. The changes of a designed set cancel out; random draws, "
        "half of them mirrored, lean to one side."
    )
    _draw_views(image, make_views(count, recipe.augmentation, view_set))
    st.caption(
        f"{recipe.image_size} × {recipe.image_size} px, the network's input size. This preview does not use the "
        "training framework, whose interpolation may give slightly softer photos."
    )


def _choose(dataset: Dataset) -> pd.Series | None:
    """The image in the address, else the first one with an animal; a button picks another one."""
    readable = dataset.index[dataset.index["status"] == Status.OK]
    if readable.empty:
        return None
    animals = readable[readable["role"] == LabelRole.ANIMAL]
    requested = readable[readable["image_id"] == st.query_params.get("image", "")]
    row = next(table for table in (requested, animals, readable) if len(table)).iloc[0]
    pool = animals if len(animals) else readable
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Another photo", icon=":material/casino:", key="explore_another", on_click=_draw_another, args=(pool,)
        )
        label = row["label"] if pd.notna(row["label"]) else "no label"
        st.text(f"{label}: {row['path']}", width="content")
    return row


def _draw_another(pool: pd.DataFrame) -> None:
    st.query_params["image"] = pool["image_id"].iloc[random.randrange(len(pool))]


def _describe(augmentation: Augmentation) -> str:
    parts = [
        f"{DESCRIPTIONS[field]} {UNITS[field].format(value)}".strip()
        for field, value in augmentation.model_dump().items()
        if value
    ]
    return "Randomly " + ", ".join(parts) + "." if parts else "This preset has no augmentation."


def _draw_views(image: NDArray[np.uint8], views: Iterable[View]) -> None:
    cells = st.grid(4, min_column_width=120)
    for view in views:
        with cells.cell():
            st.image(apply_view(image, view), caption=view.describe(), width="stretch", alt=f"View: {view.describe()}")
