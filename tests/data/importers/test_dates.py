"""Dates in the ways that cameras and spreadsheets write them."""

from datetime import datetime

import pandas as pd
import pytest
from babel.dates import get_month_names
from hypothesis import given, settings
from hypothesis import strategies as st

from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.date_words import LANGUAGES
from wildcam.data.importers.dates import on_one_clock, taken_at, utc_offsets


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
        "2013-08-08 25:00:00",
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


DAY_NUMBER = "day number of a spreadsheet: read as a date (44317.5 is noon of 2021-05-01)"


@pytest.mark.parametrize(
    ("written", "meant", "what"),
    [
        ("2019:03:02 24:17:05", "2019-03-02 00:17:05", "hour 24: read as hour 0 of the date beside it"),
        ("02/13/2019 24:01", "2019-02-13 00:01:00", "hour 24: read as hour 0 of the date beside it"),
        ("20190302_240105", "2019-03-02 00:01:05", "hour 24: read as hour 0 of the date beside it"),
        ("2019-06-30T23:59:60Z", "2019-06-30 23:59:59", "second 60: read as second 59"),
        ("20190630235960", "2019-06-30 23:59:59", "second 60: read as second 59"),
        ("43526.25", "2019-03-02 06:00:00", DAY_NUMBER),
        ("43526,75", "2019-03-02 18:00:00", DAY_NUMBER),
        ("1551506400", "2019-03-02 06:00:00", "seconds since 1970: read as a time in UTC"),
        ("1551506400000", "2019-03-02 06:00:00", "seconds since 1970: read as a time in UTC"),
    ],
)
def test_what_is_read_as_something_else_is_said(written: str, meant: str, what: str) -> None:
    assert read(written, None) == ([meant, None], {what: 1})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mar  2 2019 9:05PM", "2019-03-02 21:05:00"),
        ("March 2, 2019, 12:05 AM", "2019-03-02 00:05:00"),
        ("Saturday, 2nd March 2019 at 21:05", "2019-03-02 21:05:00"),
        ("Sat Mar  2 21:05:06 2019", "2019-03-02 21:05:06"),
        ("Sat Mar 2 21:05:06 EET 2019", "2019-03-02 21:05:06"),
        (" 02-Mar-2019  21:05:06", "2019-03-02 21:05:06"),
        ("2-mrt-19 21:05", "2019-03-02 21:05:00"),
        ("2. März 2019 21:05 Uhr", "2019-03-02 21:05:00"),
        ("samedi 2 mars 2019 21h05", "2019-03-02 21:05:00"),
        ("2 de marzo de 2019 9:05 p. m.", "2019-03-02 21:05:00"),
        ("2 de março de 2019 09:05", "2019-03-02 09:05:00"),
        ("sobota, 2 marca 2019 21:05", "2019-03-02 21:05:00"),
        ("2 mars 2019 kl. 21:05", "2019-03-02 21:05:00"),
        ("2019-03-02 em 9:05", "2019-03-02 21:05:00"),
        ("02.03.2019 nachm. 09:05", "2019-03-02 21:05:00"),
        ("2/3/2019 9:05:06 μ.μ.", "2019-03-02 21:05:06"),
        ("2019/3/2 下午 09:05:06", "2019-03-02 21:05:06"),
        ("2019年3月2日 21:05", "2019-03-02 21:05:00"),
        ("2019. 3. 2. 오전 9:05:06", "2019-03-02 09:05:06"),
        ("2019/3/2 午後 9:05", "2019-03-02 21:05:00"),
        ("14.3.2019 21.05.06", "2019-03-14 21:05:06"),
        ("21:05 14/03/2019", "2019-03-14 21:05:00"),
        ("14.03.2019, 21:05", "2019-03-14 21:05:00"),
        ("2019-03-14 21-05-06", "2019-03-14 21:05:06"),
    ],
)
def test_words_separators_and_halves_of_the_day_of_other_languages(written: str, meant: str) -> None:
    assert read(written)[0] == [meant]


@pytest.mark.parametrize("width", ["wide", "abbreviated"])
def test_every_month_of_every_language_is_read(width: str) -> None:
    names = [(month, name) for of in LANGUAGES for month, name in get_month_names(width, "format", locale=of).items()]
    texts, remarks = read(*(f"{day} {name} 2019 21:05:06" for day in (7, 28) for _, name in names))
    assert texts == [f"2019-{month:02}-{day:02} 21:05:06" for day in (7, 28) for month, _ in names]
    assert not remarks


FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y:%m:%d %H:%M:%S",
    "%Y/%m/%d %I:%M:%S %p",
    "%Y%m%d_%H%M%S",
    "%Y-%m-%dT%H:%M:%S+02:00",
    "%d-%b-%Y %H:%M:%S",
    "%B %d, %Y %I:%M:%S %p",
    "%a %b %d %H:%M:%S %Y",
    "%d.%m.%Y %H.%M.%S",
    "%d/%m/%Y %H:%M:%S",
)


@pytest.mark.parametrize("format", FORMATS)
@given(st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2068, 12, 31)), min_size=8, max_size=20))
@settings(max_examples=4, deadline=None)
def test_what_a_clock_writes_is_what_is_read(format: str, times: list[datetime]) -> None:
    times = [time.replace(microsecond=0) for time in times]
    clear = {"%d/": ["25/12/2019 10:00:00"], "%d.": ["25.12.2019 10.00.00"]}.get(format[:3], [])
    found = read(*(time.strftime(format) for time in times), *clear)[0]
    assert found[: len(times)] == [str(time) for time in times]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=30))
@settings(max_examples=12, deadline=None)
def test_any_text_is_a_time_or_is_counted(written: list[str]) -> None:
    texts, remarks = read(*written)
    assert all(found is None for text, found in zip(written, texts, strict=True) if not text.strip())
    unread = [text for text, found in zip(written, texts, strict=True) if found is None and text.strip()]
    assert remarks.get("date that cannot be read: left out", 0) == len(unread)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("2020-10-25T02:30:00+02:00", 120),
        ("2020-10-25 02:30:00 -0330", -210),
        ("2020-10-25 02:30:00 CEST", 120),
        ("2020-10-25T02:30:00Z", 0),
        ("2020-10-25T02:30:00+01:00[Europe/Berlin]", 60),
        ("2020-10-25 02:30:00 GMT+3", 180),
        ("2020-10-25 02:30:00 CST", None),  # in America, in China, in Cuba
        ("2020-10-25 02:30:00", None),
        ("2020-10-25", None),
    ],
)
def test_the_zone_of_a_time_is_known(written: str, minutes: int | None) -> None:
    found = utc_offsets([written])[0]
    assert (None if pd.isna(found) else found) == minutes
    assert read(written)[0][0] == ("2020-10-25 02:30:00" if ":" in written else "2020-10-25 00:00:00")


CAMERAS = pd.Series(["A", "A", "A", "B", "B", "B", "C", "C"])


def test_each_camera_tells_how_its_own_dates_are_meant() -> None:
    remarks = Remarks()
    written = [
        "30/03/2019",
        "02/03/2019",
        "04/04/2019",
        "03/30/2019",
        "03/02/2019",
        "12/31/2019",
        "01/02/2019",
        "05/05/2019",
    ]
    found = taken_at(written, remarks, cameras=CAMERAS).dt.strftime("%m-%d").tolist()
    assert found[:6] == ["03-30", "03-02", "04-04", "03-30", "03-02", "12-31"]
    assert pd.isna(found[6])  # C has no clear date
    assert found[7] == "05-05"
    counts = {remark.what.split(":")[0]: remark.count for remark in remarks.all()}
    assert counts["date that may be day or month first at a camera without a clear one"] == 1
    assert any("both" in what for what in counts)


def test_the_order_of_the_files_tells_where_the_dates_do_not() -> None:
    mixed = pd.Series(["A"] * 5)
    written = ["03/30/2019", "04/05/2019", "13/04/2019", "05/02/2019", "02/06/2019"]  # April and May between clear ones
    found = taken_at([*written[:3], "05/06/2019", "06/14/2019"], Remarks(), cameras=mixed)
    assert found.dt.strftime("%m-%d").tolist()[:3] == ["03-30", "04-05", "04-13"]
    rising = [
        "01/09/2019",
        "02/03/2019",
        "03/01/2019",
        "04/02/2019",
    ]  # month first it goes up, day first it jumps about
    remarks = Remarks()
    assert taken_at(rising, remarks).dt.month.tolist() == [1, 2, 3, 4]
    assert not remarks.all()


def test_the_source_says_which_comes_first() -> None:
    remarks = Remarks()
    assert taken_at(["05-06-2019"], remarks, month_first=True)[0] == pd.Timestamp("2019-05-06")
    assert taken_at(["25-06-2019", "05-06-2019"], remarks, month_first=True)[1] == pd.Timestamp("2019-06-05")
    assert not remarks.all()
