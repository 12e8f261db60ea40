"""Explore, cameras and split: what each camera took, which species it met, and what a split makes of that."""

import pandas as pd
import streamlit as st

from pages.parts.address import tied
from pages.parts.explore.figures import load_profile, load_species_by_location, load_split_preview
from pages.parts.markdown import literal
from wildcam.charts.locations import photographs_by_location, species_by_location
from wildcam.charts.splits import SIDE_TITLES, side_sizes
from wildcam.data.catalog import Dataset
from wildcam.data.profile import SplitPreview
from wildcam.data.splits import Side, SplitPolicy
from wildcam.errors import DataError

MAP_CAMERAS, MAP_SPECIES = 30, 25
POLICY_TITLES = {
    SplitPolicy.LOCATION: "By camera",
    SplitPolicy.SEQUENCE: "By burst",
    SplitPolicy.RANDOM: "At random",
    SplitPolicy.GIVEN: "As the source says",
}
POLICY_WORDS = {
    SplitPolicy.LOCATION: "Whole cameras are kept from training, as a new study area would be. The honest choice.",
    SplitPolicy.SEQUENCE: "Bursts stay whole, and every camera may be on every side.",
    SplitPolicy.RANDOM: "Each photograph by itself: 70 % train, 30 % validate, as in many published experiments.",
    SplitPolicy.GIVEN: "The sides that the source itself names.",
}


def draw_cameras(dataset: Dataset) -> None:
    locations = load_profile(dataset).locations
    if locations.empty:
        st.info("The source does not say which camera took a photograph.", icon=":material/info:")
    else:
        _draw_locations(locations)
        _draw_map(load_species_by_location(dataset))
    _draw_split(dataset)


def _draw_locations(locations: pd.DataFrame) -> None:
    st.subheader(f"Photographs of {len(locations)} cameras")
    st.plotly_chart(photographs_by_location(locations), key="explore_cameras", config={"displayModeBar": False})
    with st.expander("Every camera", icon=":material/table:"):
        st.dataframe(
            locations, hide_index=True, key="explore_camera_table",
            column_order=("location", "photographs", "labelled", "species", "empty", "empty_share", "first", "last"),
            column_config={
                "location": st.column_config.TextColumn("Camera", pinned=True),
                "photographs": st.column_config.NumberColumn("Photographs", format="localized"),
                "labelled": st.column_config.NumberColumn("Labelled", format="localized"),
                "species": st.column_config.NumberColumn("Species"),
                "empty": st.column_config.NumberColumn("Empty", format="localized"),
                "empty_share": st.column_config.NumberColumn("Empty share", format="percent"),
                "first": st.column_config.DateColumn("First"),
                "last": st.column_config.DateColumn("Last"),
            },
        )  # fmt: skip


def _draw_map(counts: pd.DataFrame) -> None:
    if counts.empty:
        return
    shown = counts.iloc[:MAP_CAMERAS, :MAP_SPECIES]
    st.subheader("Which species where")
    st.caption(
        f"Photographs of {shown.shape[1]} of {counts.shape[1]} species (rows) at {shown.shape[0]} of {counts.shape[0]} "
        "cameras (columns), the most photographed of both. A species that few cameras meet is hard to tell from their backgrounds."
    )
    st.plotly_chart(species_by_location(shown), key="explore_map", config={"displayModeBar": False})
    st.download_button(
        "Download the whole table as CSV", counts.to_csv(), "species-by-camera.csv", "text/csv", key="explore_map_csv",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip


def _draw_split(dataset: Dataset) -> None:
    st.subheader("What a split would give")
    policy = st.segmented_control(
        "Deal photographs", list(SplitPolicy), format_func=POLICY_TITLES.__getitem__, required=True,
        **tied("split", SplitPolicy),
    )  # fmt: skip
    st.caption(POLICY_WORDS[policy])
    try:
        preview = load_split_preview(dataset, policy)
    except DataError as error:
        st.info(literal(str(error)), icon=":material/info:")
        return
    for warning in preview.split.warnings:
        st.warning(literal(warning), icon=":material/warning:")
    st.plotly_chart(side_sizes(preview.sides), key="explore_sides", config={"displayModeBar": False})
    _draw_sides(preview.sides)
    _draw_leaks(preview)


def _draw_sides(sides: pd.DataFrame) -> None:
    sides = sides[sides["photographs"] > 0]
    compared = ["species_not_in_train", "locations_in_train", "sequences_in_train"]  # train with itself says nothing
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
        },
    )  # fmt: skip


def _draw_leaks(preview: SplitPreview) -> None:
    torn = int(preview.sides.loc[preview.sides["side"] != Side.TRAIN, "sequences_in_train"].sum())
    if preview.tests_new_cameras:
        st.success("No camera of new-camera validation or test is in training.", icon=":material/verified:")
    else:
        st.warning("Cameras of training also judge the model: expect less at a new camera.", icon=":material/warning:")
    if torn:
        st.warning(
            f"{torn:,} bursts are torn: near copies of their frames are in training.", icon=":material/content_cut:"
        )
    if preview.left_out:
        st.caption(f"{preview.left_out:,} photographs take no part: they have no label, no camera, or no side.")
    if preview.species_not_in_train:
        with st.expander(
            f"{len(preview.species_not_in_train)} species that training lacks, so no model can name them",
            icon=":material/visibility_off:",
        ):
            st.text(", ".join(preview.species_not_in_train))
