"""Explore, split: the subsets of a split policy, the species that training lacks, and leakage."""

import pandas as pd
import streamlit as st

from pages.explore.figures import load_split_preview
from pages.explore.policy import draw_policy
from pages.widgets.chart import draw_chart, draw_download
from pages.widgets.gallery import photo_of
from pages.widgets.glossary import glossary_help
from pages.widgets.markdown import literal
from pages.widgets.photo_grid import PhotoPair, draw_photo_pairs
from wildcam.charts.splits import subset_sizes
from wildcam.counting import counted
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
        subset_sizes(preview.subsets), preview.subsets, key="explore_subsets", name=f"{dataset.name}-{policy}-subsets"
    )
    _draw_subsets(preview.subsets)
    _draw_locations(preview)
    _draw_leaks(dataset, preview)
    _draw_missing_species(dataset, preview)


def _draw_subsets(subsets: pd.DataFrame) -> None:
    subsets = subsets[subsets["images"] > 0]
    # Training is not compared with itself.
    compared = ["species_not_in_train", "locations_in_train", "sequences_in_train", "near_train"]
    subsets = subsets.assign(
        subset=subsets["subset"].map(lambda subset: Subset(subset).display),
        **{name: subsets[name].mask(subsets["subset"] == Subset.TRAIN) for name in compared},
    )
    st.dataframe(
        subsets,
        hide_index=True,
        key="explore_subset_table",
        placeholder="–",
        column_config={
            "subset": st.column_config.TextColumn("Subset", pinned=True),
            "images": st.column_config.NumberColumn("Photos", format="localized"),
            "share": None,  # in the chart
            "empty_share": st.column_config.NumberColumn("Empty", format="percent"),
            "species": st.column_config.NumberColumn("Species"),
            "species_not_in_train": st.column_config.NumberColumn("New species", help=glossary_help("unseen_species")),
            "locations": st.column_config.NumberColumn("Locations"),
            "locations_in_train": st.column_config.NumberColumn(
                "Training locations", help="Locations that are also in training."
            ),
            "sequences": st.column_config.NumberColumn("Bursts", format="localized"),
            "sequences_in_train": st.column_config.NumberColumn(
                "Split bursts", format="localized", help="Bursts that also have a frame in training."
            ),
            "near_train": st.column_config.NumberColumn(
                "Near training",
                format="localized",
                help=f"Photos within {GAP_SECONDS} seconds of a training photo at the same location.",
            ),
        },
    )


def _draw_locations(preview: SplitPreview) -> None:
    others = preview.subsets[preview.subsets["subset"] != Subset.TRAIN]
    if preview.tests_new_locations:
        st.success("Validation (new locations) and test share no location with training.", icon=":material/verified:")
    else:
        known = int(others["locations_in_train"].max())
        st.warning(
            f"{counted(known, 'training location is', 'training locations are')} also used for evaluation: expect "
            "lower scores at new locations.",
            icon=":material/warning:",
        )
    if preview.left_out:
        st.caption(f"Left out: {counted(preview.left_out, 'photo')} with no label, no location or no subset.")


def _draw_leaks(dataset: Dataset, preview: SplitPreview) -> None:
    split_bursts = int(preview.subsets.loc[preview.subsets["subset"] != Subset.TRAIN, "sequences_in_train"].sum())
    if split_bursts:
        st.warning(
            f"Leakage: {counted(split_bursts, 'burst is', 'bursts are')} split between training and another subset.",
            icon=":material/content_cut:",
        )
    leaks = preview.leaks
    if leaks.empty:
        return
    st.subheader("Examples of leakage")
    st.write(
        f"{counted(len(leaks), 'evaluation photo was', 'evaluation photos were')} taken within {GAP_SECONDS} seconds "
        "of a training photo at the same location. The closest pair of some locations:"
    )
    pairs = leaks.drop_duplicates("location").head(SHOWN_PAIRS)
    images = dataset.rows_of([*pairs["image_id"], *pairs["train_image_id"]])
    draw_photo_pairs(
        PhotoPair(
            (Subset.TRAIN.display, Subset(pair["subset"]).display),
            (photo_of(dataset, images.loc[pair["train_image_id"]]), photo_of(dataset, images.loc[pair["image_id"]])),
            f"location {pair['location']}, {pair['seconds']:g} s apart",
        )
        for _, pair in pairs.iterrows()
    )
    draw_download(leaks, key="explore_leaks", name=f"{dataset.name}-leaks", label="All pairs (CSV)")


def _draw_missing_species(dataset: Dataset, preview: SplitPreview) -> None:
    if preview.species_not_in_train:
        with st.expander(
            f"Species missing from training, which no model can learn: {len(preview.species_not_in_train)}",
            icon=":material/visibility_off:",
        ):
            st.text(", ".join(preview.species_not_in_train))
    draw_download(
        preview.classes.reset_index(),
        key="explore_subset_classes",
        name=f"{dataset.name}-classes-by-subset",
        label="Photos per class and subset (CSV)",
    )
