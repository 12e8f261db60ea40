"""Explore, split: what a way of dealing photographs to train and test gives, loses and leaks."""

import pandas as pd
import streamlit as st

from pages.parts.explore.chart import draw_chart, draw_download
from pages.parts.explore.figures import load_split_preview
from pages.parts.explore.policy import draw_policy
from pages.parts.gallery import draw_pair
from pages.parts.markdown import literal
from wildcam.charts.splits import SIDE_TITLES, side_sizes
from wildcam.data.catalog import Dataset
from wildcam.data.profile import SplitPreview
from wildcam.data.sequences import GAP_SECONDS
from wildcam.data.splits import Side
from wildcam.errors import DataError

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
    draw_chart(side_sizes(preview.sides), preview.sides, key="explore_sides", name=f"{dataset.name}-{policy}-sides")
    _draw_sides(preview.sides)
    _draw_cameras(preview)
    _draw_leaks(dataset, preview)
    _draw_lost(dataset, preview)


def _draw_sides(sides: pd.DataFrame) -> None:
    sides = sides[sides["photographs"] > 0]
    # Train compared with itself says nothing.
    compared = ["species_not_in_train", "locations_in_train", "sequences_in_train", "near_train"]
    sides = sides.assign(
        side=sides["side"].map(lambda side: SIDE_TITLES[Side(side)]),
        **{name: sides[name].mask(sides["side"] == Side.TRAIN) for name in compared},
    )
    st.dataframe(
        sides, hide_index=True, key="explore_side_table", placeholder="–",
        column_config={
            "side": st.column_config.TextColumn("Side", pinned=True),
            "photographs": st.column_config.NumberColumn("Photographs", format="localized"),
            "share": None,  # the chart says it
            "empty_share": st.column_config.NumberColumn("Empty", format="percent"),
            "species": st.column_config.NumberColumn("Species"),
            "species_not_in_train": st.column_config.NumberColumn("New species", help="Species that training lacks."),
            "locations": st.column_config.NumberColumn("Cameras"),
            "locations_in_train": st.column_config.NumberColumn("Known cameras", help="Cameras that training has seen."),
            "sequences": st.column_config.NumberColumn("Bursts", format="localized"),
            "sequences_in_train": st.column_config.NumberColumn(
                "Torn bursts", format="localized", help="Bursts of which training has a frame."
            ),
            "near_train": st.column_config.NumberColumn(
                "Near training", format="localized",
                help=f"Photographs within {GAP_SECONDS} seconds of one in training, by the same camera.",
            ),
        },
    )  # fmt: skip


def _draw_cameras(preview: SplitPreview) -> None:
    judging = preview.sides[preview.sides["side"] != Side.TRAIN]
    if preview.tests_new_cameras:
        st.success("No camera of new-camera validation or test is in training.", icon=":material/verified:")
    else:
        known = int(judging["locations_in_train"].max())
        st.warning(
            f"Cameras of training also judge the model ({known:,} of them): expect less at a new camera.",
            icon=":material/warning:",
        )
    if preview.left_out:
        st.caption(f"{preview.left_out:,} photographs take no part: they have no label, no camera, or no side.")


def _draw_leaks(dataset: Dataset, preview: SplitPreview) -> None:
    torn = int(preview.sides.loc[preview.sides["side"] != Side.TRAIN, "sequences_in_train"].sum())
    if torn:
        st.warning(
            f"{torn:,} bursts are torn: near copies of their frames are in training.", icon=":material/content_cut:"
        )
    leaks = preview.leaks
    if leaks.empty:
        return
    st.subheader("The leak, side by side")
    st.write(
        f"{len(leaks):,} photographs that judge the model were taken within {GAP_SECONDS} seconds of one that trains it, "
        "by the same camera. The nearest pair of some cameras:"
    )
    pairs = leaks.drop_duplicates("location").head(SHOWN_PAIRS)
    photographs = dataset.rows_of([*pairs["image_id"], *pairs["train_image_id"]])
    columns = st.columns(2)
    for number, (_, pair) in enumerate(pairs.iterrows()):
        with columns[number % 2].container(border=True):
            judged = SIDE_TITLES[Side(pair["side"])]
            draw_pair(
                dataset,
                {"In training": photographs.loc[pair["train_image_id"]], judged: photographs.loc[pair["image_id"]]},
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
        preview.classes.reset_index(), key="explore_side_classes", name=f"{dataset.name}-classes-by-side",
        label="Photographs of every class on every side",
    )  # fmt: skip
