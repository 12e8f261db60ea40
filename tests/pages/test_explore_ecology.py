"""Explore, ecology: figures from labels and from a batch, effort from a table of deployments, and a chosen interval."""

import pandas as pd
from streamlit.testing.v1 import AppTest

from tests.pages.open_page import open_page
from wildcam.data.catalog import DEPLOYMENTS_FILE, Dataset, open_dataset
from wildcam.ecology.detections import independent_detections
from wildcam.ecology.sightings import labelled_sightings
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings


def section(**address: str) -> AppTest:
    return open_page("explore", **{"dataset": "demo", "section": "ecology"} | address)


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def demo() -> Dataset:
    return open_dataset(load_settings().datasets_dir, "demo")


def test_figures_are_those_of_the_labels(store: RunStore) -> None:
    index = demo().index
    shown = figures(section())
    animals = index[(index["role"] == "animal") & index["location"].notna() & index["taken_at"].notna()]
    assert shown["Species"] == str(animals["label"].nunique())
    assert shown["Locations"] == str(index["location"].nunique())
    assert 0 < int(shown["Independent detections"].replace(",", "")) <= len(animals)


def test_the_interval_is_that_of_the_address(store: RunStore) -> None:
    sightings = labelled_sightings(demo().index)
    for minutes in (1.0, 1440.0):
        app = section(interval=str(minutes))
        assert app.number_input[0].value == minutes
        assert figures(app)["Independent detections"] == f"{len(independent_detections(sightings, minutes)):,}"


def test_an_interval_that_cannot_be_is_left_out_of_the_address(store: RunStore) -> None:
    app = section(interval="nan")
    assert app.number_input[0].value == 30
    assert "interval" not in app.query_params


def test_trap_nights_and_the_map_come_from_the_table_of_deployments(store: RunStore) -> None:
    dataset = demo()
    locations = sorted(dataset.index["location"].dropna().unique())
    table = pd.DataFrame({"location": locations, "latitude": 1.5, "longitude": range(len(locations))})
    table = table.assign(deploymentStart="2024-01-01", deploymentEnd="2024-01-11")
    path = dataset.folder / DEPLOYMENTS_FILE
    assert any("first photo to the last" in caption.value for caption in section().caption)
    table.to_csv(path, index=False)
    try:
        app = section()
    finally:
        path.unlink()
    assert figures(app)["Trap nights"] == f"{10 * len(locations):,}"
    assert not any("first photo to the last" in caption.value for caption in app.caption)


def test_a_batch_takes_the_place_of_the_labels(scored_batch: Run) -> None:
    app = section(dataset=scored_batch.params["dataset"], species_from=scored_batch.id)
    assert any("From a model" in caption.value for caption in app.caption)
