"""Explore, locations: photos and species of each."""

import pandas as pd
import streamlit as st

from pages.explore.figures import load_profile, load_species_by_location
from pages.widgets.chart import draw_chart
from pages.widgets.explore_links import show_photos
from wildcam.charts.locations import CELL_LOCATION, CELL_SPECIES, LOCATION, images_by_location, species_by_location
from wildcam.counting import counted
from wildcam.data.catalog import Dataset

MAP_LOCATIONS, MAP_SPECIES = 30, 25


def draw_locations(dataset: Dataset) -> None:
    locations = load_profile(dataset).locations
    if locations.empty:
        st.info("The source has no locations.", icon=":material/info:")
        return
    _draw_locations(dataset, locations)
    _draw_map(dataset, load_species_by_location(dataset))


def _draw_locations(dataset: Dataset, locations: pd.DataFrame) -> None:
    st.subheader(f"Photos per location ({len(locations)})")
    st.caption("Click a bar to see the photos of its location.")
    draw_chart(
        images_by_location(locations),
        locations,
        key="explore_locations",
        name=f"{dataset.name}-locations",
        on_click=lambda point: show_photos(dataset, location=point[LOCATION]),
    )
    with st.expander("All locations", icon=":material/table:"):
        draw_location_table(locations, key="explore_location_table")


def draw_location_table(locations: pd.DataFrame, *, key: str) -> None:
    """A table of `profile.LOCATION_COLUMNS`."""
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
            "location": st.column_config.TextColumn("Location", pinned=True),
            "images": st.column_config.NumberColumn("Photos", format="localized"),
            "labelled": st.column_config.NumberColumn("Labelled", format="localized"),
            "species": st.column_config.NumberColumn("Species"),
            "empty": st.column_config.NumberColumn("Empty", format="localized"),
            "empty_share": st.column_config.NumberColumn("Empty share", format="percent"),
            "low": st.column_config.NumberColumn(
                "CI low", format="percent", help="95 % CI of the empty share (Wilson)."
            ),
            "high": st.column_config.NumberColumn(
                "CI high", format="percent", help="95 % CI of the empty share (Wilson)."
            ),
            "first": st.column_config.DateColumn("First"),
            "last": st.column_config.DateColumn("Last"),
        },
    )


def _draw_map(dataset: Dataset, counts: pd.DataFrame) -> None:
    if counts.empty:
        return
    shown = counts.iloc[:MAP_LOCATIONS, :MAP_SPECIES]
    st.subheader("Species by location")
    st.caption(
        f"Photos of {shown.shape[1]} of {counts.shape[1]} species (rows) at {shown.shape[0]} of "
        f"{counted(counts.shape[0], 'location')} (columns), the most photographed of each. A model may learn the "
        "background of a species that few locations have. Click a cell to see its photos."
    )
    draw_chart(
        species_by_location(shown, dataset.info.names.title),
        shown.T.reset_index(),
        key="explore_map",
        name=f"{dataset.name}-species-by-location",
        whole=("All species and locations (CSV)", counts.T.reset_index()),
        on_click=lambda point: show_photos(dataset, location=point[CELL_LOCATION], label=point[CELL_SPECIES]),
    )
