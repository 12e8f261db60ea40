"""Explore, split: what a way of dealing images to train and test gives, loses and leaks."""

import pandas as pd
import streamlit as st

from pages.explore.chart import draw_chart, draw_download
from pages.explore.figures import load_split_preview
from pages.explore.policy import draw_policy
from pages.widgets.gallery import draw_pair
from pages.widgets.markdown import literal
from wildcam.charts.splits import SUBSET_TITLES, subset_sizes
from wildcam.data.catalog import Dataset
from wildcam.data.sequences import GAP_SECONDS
from wildcam.data.splits import Subset
from wildcam.errors import DataError
from wildcam.profile import SplitPreview

SHOWN_PAIRS = 4


def draw_split(dataset: Dataset) -> None:
    policy = draw_policy()
    try:
        preview = load_split_preview(dataset, policy)
    except DataError as error:
        st.info(literal(str(error)), icon=":material/info:")
        return
    for warning in preview.split.warnings:
        st.warning(literal(warning), icon=":material/warning:")
    draw_chart(
        subset_sizes(preview.subsets), preview.subsets, key="explore_subsets", name=f"{dataset.name}-{policy}-sides"
    )
    _draw_subsets(preview.subsets)
    _draw_locations(preview)
    _draw_leaks(dataset, preview)
    _draw_lost(dataset, preview)


def _draw_subsets(subsets: pd.DataFrame) -> None:
    subsets = subsets[subsets["images"] > 0]
    # Train compared with itself says nothing.
    compared = ["species_not_in_train", "locations_in_train", "sequences_in_train", "near_train"]
    subsets = subsets.assign(
        subset=subsets["subset"].map(lambda subset: SUBSET_TITLES[Subset(subset)]),
        **{name: subsets[name].mask(subsets["subset"] == Subset.TRAIN) for name in compared},
    )
    st.dataframe(
        subsets,
        hide_index=True,
        key="explore_subset_table",
        placeholder="–",
        column_config={
            "subset": st.column_config.TextColumn("Side", pinned=True),
            "images": st.column_config.NumberColumn("Photos", format="localized"),
            "share": None,  # the chart says it
            "empty_share": st.column_config.NumberColumn("Empty", format="percent"),
            "species": st.column_config.NumberColumn("Species"),
            "species_not_in_train": st.column_config.NumberColumn("New species", help="Species that training lacks."),
            "locations": st.column_config.NumberColumn("Cameras"),
            "locations_in_train": st.column_config.NumberColumn(
                "Known cameras", help="Cameras that training has seen."
            ),
            "sequences": st.column_config.NumberColumn("Bursts", format="localized"),
            "sequences_in_train": st.column_config.NumberColumn(
                "Torn bursts", format="localized", help="Bursts of which training has a frame."
            ),
            "near_train": st.column_config.NumberColumn(
                "Near training",
                format="localized",
                help=f"Photos within {GAP_SECONDS} seconds of one in training, by the same camera.",
            ),
        },
    )


def _draw_locations(preview: SplitPreview) -> None:
    judging = preview.subsets[preview.subsets["subset"] != Subset.TRAIN]
    if preview.tests_new_locations:
        st.success("No camera of new-camera validation or test is in training.", icon=":material/verified:")
    else:
        known = int(judging["locations_in_train"].max())
        st.warning(
            f"Cameras of training also judge the model ({known:,} of them): expect less at a new camera.",
            icon=":material/warning:",
        )
    if preview.left_out:
        st.caption(f"{preview.left_out:,} photos take no part: they have no label, no camera, or no side.")


def _draw_leaks(dataset: Dataset, preview: SplitPreview) -> None:
    torn = int(preview.subsets.loc[preview.subsets["subset"] != Subset.TRAIN, "sequences_in_train"].sum())
    if torn:
        st.warning(
            f"{torn:,} bursts are torn: near copies of their frames are in training.", icon=":material/content_cut:"
        )
    leaks = preview.leaks
    if leaks.empty:
        return
    st.subheader("The leak, side by side")
    st.write(
        f"{len(leaks):,} photos that judge the model were taken within {GAP_SECONDS} seconds of one that trains it, "
        "by the same camera. The nearest pair of some cameras:"
    )
    pairs = leaks.drop_duplicates("location").head(SHOWN_PAIRS)
    images = dataset.rows_of([*pairs["image_id"], *pairs["train_image_id"]])
    columns = st.columns(2)
    for number, (_, pair) in enumerate(pairs.iterrows()):
        with columns[number % 2].container(border=True):
            scored = SUBSET_TITLES[Subset(pair["subset"])]
            draw_pair(
                dataset,
                {"In training": images.loc[pair["train_image_id"]], scored: images.loc[pair["image_id"]]},
            )
            st.text(f"camera {pair['location']}, {pair['seconds']:g} s apart")
    draw_download(leaks, key="explore_leaks", name=f"{dataset.name}-leaks", label="Every such pair")


def _draw_lost(dataset: Dataset, preview: SplitPreview) -> None:
    if preview.species_not_in_train:
        with st.expander(
            f"{len(preview.species_not_in_train)} species that training lacks, so no model can name them",
            icon=":material/visibility_off:",
        ):
            st.text(", ".join(preview.species_not_in_train))
    draw_download(
        preview.classes.reset_index(),
        key="explore_subset_classes",
        name=f"{dataset.name}-classes-by-side",
        label="Photos of every class on every side",
    )
