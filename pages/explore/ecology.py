"""Explore, ecology: effort, relative abundance and species accumulation, from the labels or from a batch."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.widgets.chart import draw_chart, draw_download
from pages.widgets.glossary import glossary_help
from pages.widgets.url_state import url_number, url_param
from wildcam.charts.ecology import location_map, relative_abundance, species_accumulation
from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.ecology.detections import INTERVAL_MINUTES
from wildcam.ecology.sightings import labelled_sightings, predicted_sightings
from wildcam.ecology.summary import EcologySummary, summarise
from wildcam.exports.deployment_table import DeploymentTable
from wildcam.predictions.batches import finished_batches
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

LABELS = "labels"
MOST_SPECIES = 40
"""Rows of the chart of abundance; the table has all."""

INTERVALS = (1.0, 24 * 60.0)
"""Shortest and longest interval, minutes."""


def draw_ecology(dataset: Dataset) -> None:
    batch, minutes = _choose(dataset)
    path = dataset.deployments_path
    stamp = path.stat().st_mtime_ns if path else 0
    summary = _load_summary(dataset, batch.folder if batch else None, stamp, minutes)
    if batch:
        st.caption("From a model: wrong names are in these figures. Evaluate the batch before you publish them.")
    if summary.detections.empty:
        st.info("No photo has an animal, a time and a location.", icon=":material/info:")
        return
    _draw_figures(summary)
    _draw_abundance(dataset, summary.abundance)
    _draw_accumulation(dataset, summary.accumulation)
    _draw_effort(dataset, summary.effort)


def _choose(dataset: Dataset) -> tuple[Run | None, float]:
    """Draw where the species come from, and the interval in minutes; None stands for the labels."""
    batches = {run.id: run for run in finished_batches(RunStore(load_settings()), [dataset.name])}
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
        **url_number("interval", float(INTERVAL_MINUTES), *INTERVALS),
        help=glossary_help("independent_detection"),
    )
    return batches.get(source), minutes


@st.cache_resource(max_entries=8, show_spinner="Counting detections …", hash_funcs={Dataset: repr})
def _load_summary(dataset: Dataset, batch: Path | None, deployments_stamp: int, minutes: float) -> EcologySummary:
    """Read only. `deployments_stamp` changes with the table of deployments."""
    index = dataset.index
    sightings = labelled_sightings(index) if batch is None else predicted_sightings(index, batch)
    return summarise(index, sightings, DeploymentTable.read(dataset.deployments_path), minutes)


def _draw_figures(summary: EcologySummary) -> None:
    effort = summary.effort
    cards = st.grid(min_column_width=150)
    cards.metric("Species", f"{summary.detections['species'].nunique():,}", border=True)
    cards.metric("Independent detections", f"{len(summary.detections):,}", border=True)
    cards.metric("Trap nights", f"{effort['nights'].sum():,.0f}", border=True, help=glossary_help("trap_night"))
    cards.metric("Locations", f"{len(effort):,}", border=True)
    if summary.images_left_out:
        st.caption(f"Without a time or a location, so not counted: {counted(summary.images_left_out, 'photo')}.")
    if estimated := int(effort["is_estimate"].sum()):
        st.caption(
            f"The trap nights of {counted(estimated, 'location')} are counted from the first photo to the last: a "
            "table of deployments gives the true ones (see the documents, Ecology)."
        )
    if summary.detections_without_effort:
        lost = counted(summary.detections_without_effort, "detection")
        st.caption(f"At locations without trap nights, so not in the relative abundance: {lost}.")


def _draw_abundance(dataset: Dataset, table: pd.DataFrame) -> None:
    st.subheader("Relative abundance")
    if table.empty:
        st.info("The trap nights of no location are known.", icon=":material/info:")
        return
    st.caption(
        "With 95 % confidence intervals by location. Species that are easily seen look more abundant: compare one "
        "species over places or years, not species with each other."
    )
    shown = table.head(MOST_SPECIES)
    shown = shown.assign(species=shown["species"].map(dataset.info.names.title))
    draw_chart(relative_abundance(shown), table, key="explore_abundance", name=f"{dataset.name}-abundance")


def _draw_accumulation(dataset: Dataset, curve: pd.DataFrame) -> None:
    st.subheader("Species accumulation")
    st.caption("A curve that still rises says that more locations would show more species.")
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
