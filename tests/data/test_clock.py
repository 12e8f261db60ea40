"""Corrections of clocks are a layer: by location and period, visible everywhere, and never in the source."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from wildcam.data import catalog
from wildcam.data.catalog import Dataset, build_index, open_dataset, save_dataset, update_clock
from wildcam.data.clock import ClockCorrection, as_shown
from wildcam.data.clock_proposals import propose
from wildcam.data.labels import LabelPolicy


def index_of(times: list[str | None], location: str | list[str] = "A", **columns: object) -> pd.DataFrame:
    names = [f"IMG_{number}.JPG" for number in range(1, len(times) + 1)]
    given = {
        "image_id": names,
        "path": names,
        "location": location,
        "taken_at": pd.to_datetime(times, format="ISO8601"),
        "label": "fox",
    }
    return build_index(given | columns)


def stored(folder: Path, index: pd.DataFrame) -> Dataset:
    return save_dataset(
        folder, index, name="d", source="s", root=folder, format="csv", labels=LabelPolicy(), replace=True
    )


def test_a_correction_changes_the_time_and_not_the_table(tmp_path: Path) -> None:
    dataset = stored(tmp_path, index_of(["2020-02-29 10:00", "2021-05-01 10:00", None], ["A", "B", "A"]))
    content = (dataset.folder / "index.parquet").read_bytes()
    before = dataset.info.fingerprint
    changed = update_clock(dataset, [ClockCorrection(location="A", years=1, shift_seconds=-60)])
    assert changed.index["taken_at"].tolist()[:2] == [
        pd.Timestamp("2021-02-28 09:59"),
        pd.Timestamp("2021-05-01 10:00"),
    ]
    assert changed.index["camera_time"].notna().tolist() == [True, False, False]
    assert (dataset.folder / "index.parquet").read_bytes() == content
    assert changed.info.fingerprint != before
    assert update_clock(changed, []).info.fingerprint == before
    assert open_dataset(tmp_path, "d").index["camera_time"].isna().all()


def test_the_period_is_by_the_cameras_clock_and_corrections_add_up(tmp_path: Path) -> None:
    index = index_of(["2021-05-01 10:00", "2021-05-02 10:00", "2021-05-03 10:00"])
    since, until = datetime(2021, 5, 2), datetime(2021, 5, 2, 23)
    steps = [ClockCorrection(shift_seconds=86_400), ClockCorrection(since=since, until=until, shift_seconds=3600)]
    times = update_clock(stored(tmp_path, index), steps).index["taken_at"]
    assert times.dt.strftime("%d %H").tolist() == ["02 10", "03 11", "04 10"]


def test_a_proposal_for_corrected_times_names_what_the_camera_showed(tmp_path: Path) -> None:
    times = ["2021-05-01 10:00", "2021-05-02 10:00", "2020-05-03 10:00", "2020-05-04 10:00", "2021-05-06 10:00"]
    dataset = stored(tmp_path, index_of(times))
    moved = update_clock(dataset, [ClockCorrection(shift_seconds=30 * 86_400)])
    (found,) = propose(moved.index)
    assert (found.years, found.since) == (1, datetime(2020, 5, 3, 10))
    both = update_clock(moved, [*moved.info.clock, found])
    assert both.index["taken_at"].is_monotonic_increasing
    assert as_shown(both.index)["taken_at"].tolist() == dataset.index["taken_at"].tolist()


def test_summer_time_is_added_where_the_clock_had_none(tmp_path: Path) -> None:
    index = index_of(["2021-03-01 10:00", "2021-07-01 10:00"])
    correction = ClockCorrection(from_zone="Etc/GMT-1", to_zone="Europe/Berlin")
    found = update_clock(stored(tmp_path, index), [correction]).index
    assert found["taken_at"].dt.hour.tolist() == [10, 11]
    assert found["utc_offset"].tolist() == [60, 120]


def test_a_time_that_was_set_aside_comes_back_where_its_period_is_named(tmp_path: Path) -> None:
    index = index_of([None, "2021-05-01 10:00"], clock_at=pd.to_datetime(["2000-01-01 00:10", None], format="ISO8601"))
    dataset = stored(tmp_path, index)
    assert update_clock(dataset, [ClockCorrection(years=21)]).index["taken_at"].isna().tolist() == [True, False]
    named = ClockCorrection(until=datetime(2000, 12, 31), years=21)
    assert update_clock(dataset, [named]).index["taken_at"].dt.year.tolist() == [2021, 2021]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"from_zone": "UTC"},
        {"from_zone": "UTC", "to_zone": "Mars/Olympus"},
        {"years": 1, "since": datetime(2021, 2, 1), "until": datetime(2021, 1, 1)},
    ],
)
def test_a_correction_that_says_nothing_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ClockCorrection(**values)


def test_a_wrong_year_is_proposed() -> None:
    times = ["2021-05-01 10:00", "2021-05-02 10:00", "2020-05-03 10:00", "2020-05-04 10:00", "2021-05-05 10:00"]
    (found,) = propose(index_of(times))
    assert (found.location, found.years, found.shift_seconds) == ("A", 1, 0)
    assert (found.since, found.until) == (datetime(2020, 5, 3, 10), datetime(2020, 5, 4, 10))
    assert "2 photos from IMG_3.JPG" in found.note


def test_a_clock_that_went_back_is_proposed_with_what_it_lacks() -> None:
    times = ["2021-05-01 10:00", "2021-05-09 10:00", "2021-05-02 10:00", "2021-05-03 10:00"]
    (found,) = propose(index_of(times))
    assert (found.years, found.shift_seconds) == (0, 7 * 86_400 + 1)


@pytest.mark.parametrize(
    "times",
    [
        ["2021-05-01 10:00", "2021-05-02 10:00", "2021-05-03 10:00"],
        ["2021-10-31 02:59", "2021-10-31 02:01", "2021-10-31 05:00"],  # summer time ended
        [None, None, None],
    ],
)
def test_clocks_in_order_need_no_proposal(times: list[str | None]) -> None:
    assert propose(index_of(times)) == []


def test_numbers_that_begin_anew_are_no_clock_that_goes_back() -> None:
    names = ["IMG_0001.JPG", "IMG_0002.JPG", "IMG_9998.JPG", "IMG_9999.JPG"]
    times = ["2021-05-08 10:00", "2021-05-09 10:00", "2021-05-01 10:00", "2021-05-02 10:00"]
    assert propose(index_of(times, path=names)) == []
    assert len(propose(index_of(times))) == 1


def test_a_catalog_of_an_earlier_version_has_no_corrections(tmp_path: Path) -> None:
    dataset = stored(tmp_path, index_of(["2021-05-01 10:00"]))
    path = dataset.folder / "index.parquet"
    pd.read_parquet(path).drop(columns=list(catalog.LATER_COLUMNS)).to_parquet(path)
    found = open_dataset(tmp_path, "d").index
    assert found["camera"].isna().all()
    assert found["camera_time"].isna().all()
