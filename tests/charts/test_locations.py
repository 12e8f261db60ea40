"""Locations and their species."""

import numpy as np
import pandas as pd
import pytest

from wildcam.charts.locations import CELL_LOCATION, CELL_SPECIES, LOCATION, images_by_location, species_by_location


def test_locations_are_ranked_by_their_images() -> None:
    locations = pd.DataFrame({"location": ["<x>", "b"], "images": [7, 3], "species": [2, 1]})
    bars = images_by_location(locations).data[0]
    assert (list(bars.x), list(bars.y)) == ([1, 2], [7, 3])
    assert bars.customdata[0][0] == "&lt;x&gt;"


@pytest.fixture
def counts() -> pd.DataFrame:
    return pd.DataFrame({"fox": [1000, 10], "owl": [0, 1]}, index=["a", "a location with a very long name"])


def test_a_cell_is_darker_for_ten_times_as_many_and_blank_for_none(counts: pd.DataFrame) -> None:
    cells = species_by_location(counts).data[0].z
    assert cells[0].tolist() == pytest.approx([3, 1])
    assert np.isnan(cells[1][0])
    assert cells[1][1] == 0


def test_cells_carry_their_species_location_and_count(counts: pd.DataFrame) -> None:
    cells = species_by_location(counts).data[1].customdata
    assert [cell.tolist()[:3] for cell in cells] == [
        ["a", "fox", 1000],
        ["a location with a very long name", "fox", 10],
        ["a location with a very long name", "owl", 1],
    ]


def test_bars_and_cells_carry_location_and_species_as_they_are() -> None:
    cell = species_by_location(pd.DataFrame({"<b>owl</b>": [1]}, index=["_<x>_"])).data[1].customdata[0]
    assert (cell[CELL_LOCATION], cell[CELL_SPECIES]) == ("_<x>_", "<b>owl</b>")
    bars = images_by_location(pd.DataFrame({"location": ["<x>"], "images": [7], "species": [2]})).data[0]
    assert bars.customdata[0][LOCATION] == "<x>"


def test_a_map_of_single_images_can_be_drawn() -> None:
    heat = species_by_location(pd.DataFrame({"fox": [1]}, index=["a"])).data[0]
    assert heat.zmin < heat.z[0][0] < heat.zmax
