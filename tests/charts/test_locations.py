"""Cameras and the species that they met."""

import numpy as np
import pandas as pd
import pytest

from wildcam.charts.locations import photographs_by_location, species_by_location


def test_cameras_are_ranked_by_their_photographs() -> None:
    locations = pd.DataFrame({"location": ["<x>", "b"], "photographs": [7, 3], "species": [2, 1]})
    bars = photographs_by_location(locations).data[0]
    assert (list(bars.x), list(bars.y)) == ([1, 2], [7, 3])
    assert bars.customdata[0][0] == "&lt;x&gt;"


@pytest.fixture
def counts() -> pd.DataFrame:
    return pd.DataFrame({"fox": [1000, 10], "owl": [0, 1]}, index=["a", "a camera with a very long name"])


def test_a_cell_is_darker_for_ten_times_as_many_and_blank_for_none(counts: pd.DataFrame) -> None:
    cells = species_by_location(counts).data[0].z
    assert cells[0].tolist() == pytest.approx([3, 1])
    assert np.isnan(cells[1][0])
    assert cells[1][1] == 0


def test_cells_tell_their_species_camera_and_count(counts: pd.DataFrame) -> None:
    told = species_by_location(counts).data[0].customdata
    assert told[0][0].tolist() == ["a", "fox", 1000]
    assert told[1][1].tolist() == ["a camera with a very long name", "owl", 1]


def test_a_map_of_single_photographs_can_be_drawn() -> None:
    heat = species_by_location(pd.DataFrame({"fox": [1]}, index=["a"])).data[0]
    assert heat.zmin < heat.z[0][0] < heat.zmax
