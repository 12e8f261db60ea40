"""Explore, augmentation: one image as a model sees it, under training's random transforms and when it is asked."""

import random
from collections.abc import Iterable

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.widgets.url_state import url_param, url_value
from wildcam.architectures.presets import PRESETS
from wildcam.augmentation import Augmentation
from wildcam.data.catalog import Dataset, Status
from wildcam.data.labels import LabelRole
from wildcam.errors import WildcamError
from wildcam.images import load_square
from wildcam.serving.tta import DEFAULT_VIEWS, MAX_VIEWS, View, apply_view, make_views
from wildcam.training.augmentation_preview import draw_training_views
from wildcam.training.recipe import Recipe

DRAWS = 8
UNITS = {
    "flip": "",
    "rotation_degrees": "up to {:g}° to either side",
    "zoom": "up to {:.0%}",
    "brightness": "up to {:.0%}",
    "contrast": "up to {:.0%}",
    "warp": "up to {:g}",
}
NAMES = {
    "flip": "mirrored half of the time",
    "rotation_degrees": "turned",
    "zoom": "zoomed in or out",
    "brightness": "brighter or darker",
    "contrast": "more or less contrast",
    "warp": "tilted",
}


def draw_augmentation(dataset: Dataset) -> None:
    st.write(
        "A model never sees a photo as it was taken: it is squeezed into a small square, and in training it is changed at "
        "random each time, so that the model learns the animal and not the photo."
    )
    left, right = st.columns(2)
    name = left.selectbox(
        "Preset",
        list(PRESETS),
        format_func=lambda key: PRESETS[key].title,
        **url_param("preset", PRESETS),
        help="Each preset has a size of its photos and ranges of its changes; the Train page can change them.",
    )
    seed = right.number_input("Draw", 0, 9999, **url_value("draw", 0, int), help="Another number, other changes.")
    row = _choose(dataset)
    if row is None:
        st.info("No photo of this data set can be read, so there is nothing to show.", icon=":material/info:")
        return
    recipe = Recipe.of(dataset.name, name)
    try:
        image = load_square(dataset.image_path(row["path"]), recipe.image_size)
    except WildcamError as error:
        st.text(str(error))
        return
    st.subheader(f"In training: {DRAWS} draws")
    st.caption(_describe(recipe.augmentation))
    _draw_views(image, draw_training_views(recipe.augmentation, PRESETS[name].framework, DRAWS, seed))
    st.subheader("When it is asked: the views that vote")
    count = st.slider("Views", 1, MAX_VIEWS, **url_value("views", DEFAULT_VIEWS, int))
    st.caption("Always the same ones: the photo as it is, then draws from training's ranges, half of them mirrored.")
    _draw_views(image, make_views(count, recipe.augmentation))
    st.caption(
        f"Photos of {recipe.image_size} × {recipe.image_size} px, as the network gets them. They are changed here without "
        "the training framework; in its own colours a photo may look a little softer."
    )


def _choose(dataset: Dataset) -> pd.Series | None:
    """The image in the address, else the first one with an animal; a button draws another one."""
    readable = dataset.index[dataset.index["status"] == Status.OK]
    if readable.empty:
        return None
    animals = readable[readable["role"] == LabelRole.ANIMAL]
    asked = readable[readable["image_id"] == st.query_params.get("image", "")]
    row = next(table for table in (asked, animals, readable) if len(table)).iloc[0]
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
        f"{NAMES[field]} {UNITS[field].format(value)}".strip()
        for field, value in augmentation.model_dump().items()
        if value
    ]
    return "Changes at random: " + ", ".join(parts) + "." if parts else "This preset changes nothing."


def _draw_views(image: NDArray[np.uint8], views: Iterable[View]) -> None:
    cells = st.grid(4, min_column_width=120)
    for view in views:
        with cells.cell():
            st.image(apply_view(image, view), caption=view.describe(), width="stretch")
