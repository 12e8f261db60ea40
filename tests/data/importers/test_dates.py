"""Dates in the ways that cameras and spreadsheets write them."""

import pandas as pd
import pytest

from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.dates import on_one_clock, taken_at


def read(*values: object) -> tuple[list[str | None], dict[str, int]]:
    remarks = Remarks()
    found = taken_at(list(values), remarks)
    assert found.dtype == "datetime64[ms]"
    texts = [None if pd.isna(time) else time.isoformat(sep=" ") for time in found]
    return texts, {remark.what: remark.count for remark in remarks.all()}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2013-08-08 11:45:00.000", "2013-08-08 11:45:00"),
        ("2013-08-08T11:45:00", "2013-08-08 11:45:00"),
        ("2013:08:08 11:45:00", "2013-08-08 11:45:00"),
        ("2013-08-08", "2013-08-08 00:00:00"),
        ("2013/8/8 9:05", "2013-08-08 09:05:00"),
        ("2013-08-08 11:45:00.2509", "2013-08-08 11:45:00.250000"),
        ("2013-08-08T23:30:00+02:00", "2013-08-08 23:30:00"),
        ("2013-08-08T23:30:00Z", "2013-08-08 23:30:00"),
        ("31.12.2013 23:59", "2013-12-31 23:59:00"),
        ("12/31/2013 11:59:30 PM", "2013-12-31 23:59:30"),
        ("12/31/2013 12:00 am", "2013-12-31 00:00:00"),
        ("20130808", "2013-08-08 00:00:00"),
        (20130808, "2013-08-08 00:00:00"),
        ("20130808_114500", "2013-08-08 11:45:00"),
        ("20130808T114500", "2013-08-08 11:45:00"),
        ("20130808T114500.25Z", "2013-08-08 11:45:00.250000"),
        ("20130808-1145", "2013-08-08 11:45:00"),
        ("20130808114500", "2013-08-08 11:45:00"),
        ("20130808 9:05 pm", "2013-08-08 21:05:00"),
        ("12/31/20 14:05", "2020-12-31 14:05:00"),
        ("31.12.20", "2020-12-31 00:00:00"),
        ("31/12/68", "2068-12-31 00:00:00"),
        ("31/12/69 2:05 pm", "1969-12-31 14:05:00"),
    ],
)
def test_the_wall_time_of_the_camera_is_read(written: object, meant: str) -> None:
    assert read(written, None) == ([meant, None], {})


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "0000:00:00 00:00:00",
        "2013-02-30 10:00",
        "2013-08-08 24:00:00",
        "20131301",
        "31122013",
        "12345678",
        "201308081",
        "13-12-31",
        "31/12/3",
        "٢٠١٣",
    ],
)
def test_what_is_no_date_is_missing_and_counted(written: str) -> None:
    texts, remarks = read(written, "2013-08-08 11:45:00", " ")
    assert texts == [None, "2013-08-08 11:45:00", None]
    assert remarks == {"date that cannot be read: left out": 1}


def test_the_whole_column_decides_between_day_and_month_first() -> None:
    assert read("1/2/2013", "31/1/2013")[0] == ["2013-02-01 00:00:00", "2013-01-31 00:00:00"]
    assert read("1/2/2013", "1/31/2013")[0] == ["2013-01-02 00:00:00", "2013-01-31 00:00:00"]


def test_a_column_that_leaves_it_open_is_read_day_first_and_says_so() -> None:
    texts, remarks = read("1/2/2013", "3/4/2013 5:06 pm")
    assert texts == ["2013-02-01 00:00:00", "2013-04-03 17:06:00"]
    assert remarks == {"ambiguous date (day or month first): read as day/month/year": 2}


def test_a_column_mixes_its_ways_of_writing() -> None:
    texts, remarks = read("2013-08-08T11:45:00+02:00", "20130809", "10/8/13", None, "soon", "2013:08:11 01:02:03")
    assert texts == [
        "2013-08-08 11:45:00",
        "2013-08-09 00:00:00",
        "2013-08-10 00:00:00",
        None,
        None,
        "2013-08-11 01:02:03",
    ]
    assert remarks == {
        "ambiguous date (day or month first): read as day/month/year": 1,
        "date that cannot be read: left out": 1,
    }


def test_times_with_zones_are_compared_as_instants_and_others_as_written() -> None:
    first, second = on_one_clock(["2020-05-30T04:57:37+02:00", None, "soon"], ["2020-05-30T02:57:37.9Z"])
    assert first[0] == second[0] == pd.Timestamp("2020-05-30 02:57:37")
    assert first.isna().tolist() == [False, True, True]
    first, second = on_one_clock(["2020-05-30T04:57:37+02:00"], ["30/5/2020 4:57:37", "soon"])
    assert (first[0], pd.isna(second[1])) == (second[0], True)
