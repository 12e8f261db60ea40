"""Independent detections, against a count by hand and against the rule written as a loop."""

import numpy as np
import pandas as pd
import pytest

from wildcam.ecology.detections import independent_detections


def sightings(*rows: tuple[str | None, str, str | None]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["location", "species", "taken_at"])
    return table.assign(taken_at=pd.to_datetime(table["taken_at"]).astype("datetime64[ms]"))


def test_photos_close_in_time_count_once() -> None:
    found = independent_detections(
        sightings(
            ("a", "fox", "2024-05-01 10:00"),
            ("a", "fox", "2024-05-01 10:30"),  # 30 minutes: not more
            ("a", "fox", "2024-05-01 10:59"),  # 29 after the last photo, though 59 after the first
            ("a", "fox", "2024-05-01 11:30"),
            ("a", "hare", "2024-05-01 10:01"),
            ("b", "fox", "2024-05-01 10:01"),
        ),
        30,
    )
    assert found[["location", "species", "taken_at"]].astype(str).values.tolist() == [
        ["a", "fox", "2024-05-01 10:00:00"],
        ["a", "hare", "2024-05-01 10:01:00"],
        ["b", "fox", "2024-05-01 10:01:00"],
        ["a", "fox", "2024-05-01 11:30:00"],
    ]


def test_without_a_time_or_location_nothing_is_counted() -> None:
    assert independent_detections(sightings((None, "fox", "2024-05-01"), ("a", "fox", None))).empty


@pytest.mark.parametrize("minutes", [0, 1, 30, 1440])
def test_any_order_gives_what_the_rule_says(minutes: float) -> None:
    random = np.random.default_rng(3)
    size = 400
    table = pd.DataFrame(
        {
            "location": random.choice(["a", "b"], size),
            "species": random.choice(["fox", "hare", "deer"], size),
            "taken_at": pd.Timestamp("2024-05-01") + pd.to_timedelta(random.integers(0, 20_000, size), unit="min"),
        }
    )
    expected = 0
    for _, own in table.groupby(["location", "species"]):
        times = sorted(own["taken_at"])
        expected += 1 + sum((b - a) > pd.Timedelta(minutes=minutes) for a, b in zip(times, times[1:], strict=False))
    assert len(independent_detections(table, minutes)) == expected
