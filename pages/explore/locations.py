"""Explore, cameras: what each took, and which species it met."""

import pandas as pd
import streamlit as st

from pages.explore.chart import draw_chart
from pages.explore.figures import load_profile, load_species_by_location
from pages.explore.links import show_images
from wildcam.charts.locations import CELL_LOCATION, CELL_SPECIES, LOCATION, images_by_location, species_by_location
from wildcam.data.catalog import Dataset

MAP_LOCATIONS, MAP_SPECIES = 30, 25


def draw_locations(dataset: Dataset) -> None:
    locations = load_profile(dataset).locations
    if locations.empty:
        st.info("The source does not say which camera took a photo.", icon=":material/info:")
        return
    _draw_locations(dataset, locations)
    _draw_map(dataset, load_species_by_location(dataset))


def _draw_locations(dataset: Dataset, locations: pd.DataFrame) -> None:
    st.subheader(f"Photos of {len(locations)} cameras")
    st.caption("A click on a bar shows the photos of its camera.")
    draw_chart(
        images_by_location(locations),
        locations,
        key="explore_cameras",
        name=f"{dataset.name}-cameras",
        on_click=lambda told: show_images(dataset, camera=told[LOCATION]),
    )
    with st.expander("Every camera", icon=":material/table:"):
        draw_location_table(locations, key="explore_camera_table")


def draw_location_table(locations: pd.DataFrame, *, key: str) -> None:
    """Rows of `profile.LOCATION_COLUMNS` for people."""
    st.dataframe(
        locations,
        hide_index=True,
        key=key,
        column_order=(
            "location",
            "images",
            "labelled",
            "species",
            "empty",
            "empty_share",
            "low",
            "high",
            "first",
            "last",
        ),
        column_config={
            "location": st.column_config.TextColumn("Camera", pinned=True),
            "images": st.column_config.NumberColumn("Photos", format="localized"),
            "labelled": st.column_config.NumberColumn("Labelled", format="localized"),
            "species": st.column_config.NumberColumn("Species"),
            "empty": st.column_config.NumberColumn("Empty", format="localized"),
            "empty_share": st.column_config.NumberColumn("Empty share", format="percent"),
            "low": st.column_config.NumberColumn("at least", format="percent", help="Of its 95 % interval."),
            "high": st.column_config.NumberColumn("at most", format="percent", help="Of its 95 % interval."),
            "first": st.column_config.DateColumn("First"),
            "last": st.column_config.DateColumn("Last"),
        },
    )


def _draw_map(dataset: Dataset, counts: pd.DataFrame) -> None:
    if counts.empty:
        return
    shown = counts.iloc[:MAP_LOCATIONS, :MAP_SPECIES]
    st.subheader("Which species where")
    st.caption(
        f"Photos of {shown.shape[1]} of {counts.shape[1]} species (rows) at {shown.shape[0]} of {counts.shape[0]} "
        "cameras (columns), the most photographed of both. A species that few cameras meet is hard to tell from their "
        "backgrounds. A click on a cell shows its photos."
    )
    draw_chart(
        species_by_location(shown),
        shown.T.reset_index(),
        key="explore_map",
        name=f"{dataset.name}-species-by-camera",
        whole=("All species and cameras", counts.T.reset_index()),
        on_click=lambda told: show_images(dataset, camera=told[CELL_LOCATION], label=told[CELL_SPECIES]),
    )
