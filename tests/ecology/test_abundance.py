"""Effort, relative abundance and accumulation, against figures worked out by hand or by enumeration."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from wildcam.data.catalog import build_index
from wildcam.ecology.abundance import relative_abundance
from wildcam.ecology.accumulation import species_accumulation
from wildcam.ecology.effort import effort_by_location
from wildcam.exports.deployment_table import Deployment, DeploymentTable


def test_effort_is_that_of_the_deployments_else_of_the_photos() -> None:
    index = build_index(
        {
            "image_id": list("123456"),
            "path": [f"{name}.jpg" for name in "123456"],
            "location": ["a", "a", "b", "c", "c", None],
            "taken_at": pd.to_datetime(
                ["2024-05-01 23:00", "2024-05-04 01:00", "2024-05-09 12:00", None, None, "2024-05-01 00:00"]
            ),
        }
    )
    given = {"latitude": "4.5", "longitude": "-74", "deploymentStart": "2024-05-01", "deploymentEnd": "2024-05-31"}
    seen = table(b="fox fox hare")
    effort = effort_by_location(index, DeploymentTable({"b": Deployment(given)}), seen).set_index("location")
    assert effort["nights"].loc[["a", "b"]].tolist() == [3, 30]
    assert np.isnan(effort["nights"]["c"])
    assert effort["is_estimate"].tolist() == [True, False, False]
    assert effort[["detections", "species"]].values.tolist() == [[0, 0], [3, 2], [0, 0]]
    assert (effort["latitude"]["b"], effort["longitude"]["b"]) == (4.5, -74)


def table(**seen: str) -> pd.DataFrame:
    """Detections by location: `a="fox fox hare"`."""
    rows = [(location, species) for location, text in seen.items() for species in text.split()]
    return pd.DataFrame(rows, columns=["location", "species"])


def test_abundance_is_per_100_nights_of_all_watched_locations() -> None:
    effort = pd.DataFrame({"location": list("abcd"), "nights": [100, 60, 40, float("nan")]})
    found = relative_abundance(table(a="fox fox hare", b="fox", d="wolf"), effort).set_index("species")
    assert found.index.tolist() == ["fox", "hare"]  # how long d was watched is unknown
    assert found["per_100_nights"].tolist() == pytest.approx([1.5, 0.5])
    assert found["locations"].tolist() == [2, 1]
    assert found["naive_occupancy"].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert (found["low"] <= found["per_100_nights"]).all()
    assert (found["high"] >= found["per_100_nights"]).all()


def test_one_location_has_no_interval() -> None:
    found = relative_abundance(table(a="fox"), pd.DataFrame({"location": ["a"], "nights": [10]}))
    assert found["per_100_nights"].tolist() == [10]
    assert found["low"].isna().all()


@pytest.mark.parametrize("effort", [[], [float("nan")], [0]])
def test_without_effort_there_is_no_abundance(effort: list[float]) -> None:
    known = pd.DataFrame({"location": ["a"][: len(effort)], "nights": effort})
    assert relative_abundance(table(a="fox"), known).empty


def test_accumulation_is_the_mean_over_all_choices_of_locations() -> None:
    seen = {"a": "fox hare", "b": "fox", "c": "deer fox", "d": ""}
    curve = species_accumulation(table(**seen), 4)["expected_species"]
    for size in range(1, 5):
        counts = [len({one for name in names for one in seen[name].split()}) for names in combinations(seen, size)]
        assert curve[size - 1] == pytest.approx(np.mean(counts))


def test_accumulation_of_nothing_is_flat() -> None:
    assert species_accumulation(table(), 3)["expected_species"].tolist() == [0, 0, 0]
