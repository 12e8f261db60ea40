"""Clocks that were never set and times that have not come yet are set aside, true ones never."""

from datetime import datetime

import pandas as pd
import pytest

from wildcam.data.catalog import build_index
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.impossible_times import set_aside
from wildcam.data.sequences import sequence_of

NOW = datetime(2024, 6, 1)


def aside(*times: str | None, location: str | list[str] = "A") -> tuple[list[bool], int]:
    names = [f"IMG_{number:04}.JPG" for number in range(len(times))]
    taken_at = pd.to_datetime(list(times), format="ISO8601")
    index = build_index({"image_id": names, "path": names, "location": location, "taken_at": taken_at})
    remarks = Remarks()
    found = set_aside(index, remarks, now=NOW)
    assert (found["taken_at"].fillna(found["clock_at"]).dropna() == index["taken_at"].dropna()).all()
    assert sum(remark.count for remark in remarks.all()) == found["clock_at"].notna().sum()
    return found["clock_at"].notna().tolist(), len(remarks.all())


@pytest.mark.parametrize(
    "start", ["1970-01-01 00:00:04", "1980-01-01 00:03", "2000-01-01 00:00:12", "2012-01-01 00:10"]
)
def test_a_clock_that_starts_anew_is_set_aside(start: str) -> None:
    assert aside("2021-05-01 10:00", start, "2021-05-09 10:00", start) == ([False, True, False, True], 1)


def test_it_runs_on_until_somebody_sets_it() -> None:
    found, _ = aside("2015-01-01 00:00:05", "2015-01-01 00:20", "2015-01-02 07:00", "2021-05-01 10:00")
    assert found == [True, True, True, False]


def test_1970_and_what_follows_is_no_time_of_a_camera() -> None:
    assert aside("1970-03-05 12:00", "2021-05-01 10:00")[0] == [True, False]


@pytest.mark.parametrize(
    "times",
    [
        ("2020-12-31 23:59:58", "2021-01-01 00:00:05", "2021-01-01 00:00:06"),  # fireworks
        ("2020-12-10 08:00", "2021-01-01 00:30", "2021-01-20 08:00"),
        ("2017-01-01 08:00", "2016-12-31 23:59"),
        ("2021-01-01", "2021-01-02", "2021-07-01"),  # dates without a clock
        ("2012-01-01 00:00:05", "2012-01-20 10:00", "2012-02-10 10:00"),  # a whole deployment from new year on
        (None, "2021-05-01 10:00"),
    ],
)
def test_a_new_year_is_a_new_year(times: tuple[str | None, ...]) -> None:
    assert not any(aside(*times)[0])


def test_another_location_says_nothing() -> None:
    times = ("2020-12-31 23:59", "2012-01-01 00:00:05", "2021-01-01 00:10")
    assert aside(*times, location=["A", "B", "A"])[0] == [False, True, False]


def test_the_future_is_set_aside() -> None:
    assert aside("2021-05-01 10:00", "2034-05-01 10:00", "2024-06-01 20:00")[0] == [False, True, False]


def test_they_are_no_burst_with_each_other() -> None:
    names = ["1.jpg", "2.jpg", "3.jpg", "4.jpg"]
    times = pd.to_datetime(
        ["2000-01-01 00:00:12", "2021-05-01 10:00", "2000-01-01 00:00:12", "2021-05-09 10:00"], format="ISO8601"
    )
    index = build_index({"image_id": names, "path": names, "taken_at": times})
    assert sequence_of(set_aside(index, Remarks())).nunique() == 4
