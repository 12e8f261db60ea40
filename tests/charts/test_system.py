"""Use of the machine over time."""

import pandas as pd

from wildcam.charts.system import system_use
from wildcam.runs.points import POINT_COLUMNS


def test_shares_are_drawn_over_minutes_and_what_is_not_measured_is_left_out() -> None:
    rows = [
        ("system/cpu_utilization_percentage", 1, 100.0, 50.0),
        ("system/cpu_utilization_percentage", 2, 160.0, 100.0),
        ("system/system_memory_usage_percentage", 1, 100.0, 25.0),
        ("train_loss", 1, 100.0, 0.5),
    ]
    drawn = {
        line.name: (list(line.x), list(line.y))
        for line in system_use(pd.DataFrame(rows, columns=list(POINT_COLUMNS))).data
    }
    assert drawn == {"Processor": ([0, 1], [0.5, 1.0]), "Memory": ([0], [0.25])}


def test_without_samples_the_figure_is_empty() -> None:
    assert not system_use(pd.DataFrame(columns=list(POINT_COLUMNS))).data
