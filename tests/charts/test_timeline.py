"""Locations over time."""

import numpy as np
import pandas as pd

from wildcam.charts.timeline import images_over_time
from wildcam.profile import Period, Timeline


def test_gaps_are_blank_and_cells_tell_camera_time_and_count() -> None:
    weeks = pd.to_datetime(["2020-01-06", "2020-01-13"])
    counts = pd.DataFrame([[0, 100], [1, 2]], index=["_a_", "b"], columns=weeks)
    heat = images_over_time(Timeline(Period.WEEK, counts)).data[0]
    assert np.isnan(heat.z[0][0])
    assert heat.z[0][1] == 2
    assert heat.customdata[0][1].tolist() == ["_a_", "week of 13 Jan 2020", 100]
