"""Explore, ecology: effort, relative abundance and species accumulation, from the labels or from a batch."""

import pandas as pd
import streamlit as st

from pages.widgets.chart import draw_chart, draw_download
from pages.widgets.glossary import glossary_help
from pages.widgets.url_state import url_param, url_value
from wildcam.charts.ecology import location_map, relative_abundance, species_accumulation
from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.ecology.abundance import relative_abundance as abundance_of
from wildcam.ecology.accumulation import species_accumulation as accumulation_of
from wildcam.ecology.detections import INTERVAL_MINUTES, independent_detections
from wildcam.ecology.effort import effort_by_location
from wildcam.ecology.sightings import labelled_sightings, predicted_sightings
from wildcam.exports.deployment_table import deployments_of
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

LABELS = "labels"
MOST_SPECIES = 40
"""Rows of the chart of abundance; the table has all."""

INTERVALS = (1.0, 24 * 60.0)
"""Shortest and longest interval, minutes."""


def draw_ecology(dataset: Dataset) -> None:
    store = RunStore(load_settings())
    batches = {
        run.id: run
        for run in store.all(Kind.PREDICT)
        if run.state is State.FINISHED and run.params.get("dataset") == dataset.name
    }
    left, right = st.columns(2)
    source = left.selectbox(
        "Species from",
        [LABELS, *batches],
        format_func=lambda one: "Labels of the data set" if one == LABELS else f"Batch {batches[one].name}",
        **url_param("species_from", [LABELS, *batches]),
    )
    minutes = right.number_input(
        "Interval between independent detections (minutes)",
        *INTERVALS,
        step=5.0,
        **url_value("interval", float(INTERVAL_MINUTES), _read_minutes),
        help=glossary_help("independent_detection"),
    )
    sightings = _sightings(dataset, batches.get(source))
    if source != LABELS:
        st.caption("From a model: wrong names are in these figures. Evaluate the batch before you publish them.")
    detections = independent_detections(sightings, minutes)
    effort = effort_by_location(dataset.index, deployments_of(dataset))
    if detections.empty:
        st.info("No photo has an animal, a time and a location.", icon=":material/info:")
        return
    _draw_figures(sightings, detections, effort)
    _draw_abundance(dataset, abundance_of(detections, effort))
    _draw_accumulation(dataset, detections, int((effort["nights"] > 0).sum()))
    _draw_effort(dataset, _with_detections(effort, detections))


def _read_minutes(text: str) -> float:
    minutes = float(text)
    if not INTERVALS[0] <= minutes <= INTERVALS[1]:
        raise ValueError(text)
    return minutes


def _sightings(dataset: Dataset, batch: Run | None) -> pd.DataFrame:
    return labelled_sightings(dataset.index) if batch is None else predicted_sightings(dataset.index, batch.folder)


def _draw_figures(sightings: pd.DataFrame, detections: pd.DataFrame, effort: pd.DataFrame) -> None:
    cards = st.grid(min_column_width=150)
    cards.metric("Species", f"{detections['species'].nunique():,}", border=True)
    cards.metric("Independent detections", f"{len(detections):,}", border=True)
    cards.metric("Trap nights", f"{effort['nights'].sum():,.0f}", border=True, help=glossary_help("trap_night"))
    cards.metric("Locations", f"{len(effort):,}", border=True)
    lost = int(sightings[["location", "taken_at"]].isna().any(axis="columns").sum())
    notes = [f"{counted(lost, 'photo')} without a time or a location not counted."] if lost else []
    if estimated := int(effort["is_estimate"].sum()):
        notes.append(
            f"The trap nights of {counted(estimated, 'location')} are counted from the first photo to the last: a "
            "table of deployments gives the true ones (see the documents, Ecology)."
        )
    for note in notes:
        st.caption(note)


def _draw_abundance(dataset: Dataset, table: pd.DataFrame) -> None:
    st.subheader("Relative abundance")
    if table.empty:
        st.info("The trap nights of no location are known.", icon=":material/info:")
        return
    st.caption(
        "With 95 % confidence intervals by location. Species that are easily seen look more abundant: compare one "
        "species over places or years, not species with each other."
    )
    draw_chart(
        relative_abundance(table.head(MOST_SPECIES)), table, key="explore_abundance", name=f"{dataset.name}-abundance"
    )


def _draw_accumulation(dataset: Dataset, detections: pd.DataFrame, locations: int) -> None:
    st.subheader("Species accumulation")
    st.caption("A curve that still rises says that more locations would show more species.")
    curve = accumulation_of(detections, max(locations, detections["location"].nunique()))
    draw_chart(species_accumulation(curve), curve, key="explore_accumulation", name=f"{dataset.name}-accumulation")


def _draw_effort(dataset: Dataset, effort: pd.DataFrame) -> None:
    st.subheader("Effort by location")
    places = effort.dropna(subset=["latitude", "longitude"])
    if not places.empty:
        draw_chart(location_map(places), places, key="explore_map", name=f"{dataset.name}-map")
    st.dataframe(
        effort,
        hide_index=True,
        key="explore_effort",
        placeholder="–",
        column_config={
            "location": st.column_config.TextColumn("Location", pinned=True),
            "nights": st.column_config.NumberColumn("Trap nights", format="%.0f"),
            "is_estimate": st.column_config.CheckboxColumn("From the photos"),
            "first": st.column_config.DatetimeColumn("First photo"),
            "last": st.column_config.DatetimeColumn("Last photo"),
            "latitude": st.column_config.NumberColumn("Latitude", format="%.5f"),
            "longitude": st.column_config.NumberColumn("Longitude", format="%.5f"),
            "detections": st.column_config.NumberColumn("Detections", format="localized"),
            "species": st.column_config.NumberColumn("Species", format="localized"),
        },
    )
    draw_download(effort, key="explore_effort_download", name=f"{dataset.name}-effort")


def _with_detections(effort: pd.DataFrame, detections: pd.DataFrame) -> pd.DataFrame:
    by_location = detections.groupby("location", observed=True)["species"].agg(["size", "nunique"])
    found = by_location.reindex(effort["location"]).fillna(0).astype("int64")
    return effort.assign(detections=found["size"].to_numpy(), species=found["nunique"].to_numpy())
