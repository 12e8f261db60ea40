"""The figures of a data set: against the real distribution of iWildCam 2020, and against tables counted by hand."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import SplitPolicy, SplitSpec
from wildcam.profile import (
    CLASS_COLUMNS,
    EMPTY_COLUMNS,
    LEAK_COLUMNS,
    LOCATION_COLUMNS,
    SUBSET_COLUMNS,
    Period,
    Profile,
    Scope,
    empty_by,
    everything,
    light,
    location_table,
    long_tail,
    nearly_always_empty,
    nearly_never_empty,
    preview_split,
    profile,
    species_by_hour,
    species_by_location,
    timeline,
    wilson_interval,
    within,
)

COUNTS = pd.read_csv(Path(__file__).parents[2] / "bench" / "data" / "iwildcam2020_class_counts.csv")
EXPERIMENTS = LabelPolicy(empty=("empty",))
"""The reading of the experiments of 2021: whatever is not empty is an animal."""

Save = Callable[..., Dataset]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def make(table: pd.DataFrame, labels: LabelPolicy | None = None) -> Dataset:
        labels = labels or LabelPolicy.suggest(table["label"].dropna().unique())
        return save_dataset(
            tmp_path, table, name="made", source="made", root=tmp_path, format="csv", labels=labels, replace=True
        )

    return make


@pytest.fixture(scope="module")
def iwildcam(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    labels = np.repeat(COUNTS["name"].to_numpy(), COUNTS["train_images"])
    names = [f"{number}.jpg" for number in range(len(labels))]
    table = build_index({"image_id": names, "path": names, "label": labels})
    home = tmp_path_factory.mktemp("datasets")
    return save_dataset(home, table, name="iwildcam", source="x", root=home, format="iwildcam2020", labels=EXPERIMENTS)


@pytest.fixture(scope="module")
def golden(iwildcam: Dataset) -> Profile:
    return profile(iwildcam)


def table_of(*rows: tuple[str | None, str | None, str | None], **columns: object) -> pd.DataFrame:
    """A catalog's table from (label, location, time)."""
    labels, locations, times = zip(*rows, strict=True)
    names = [f"{number}.jpg" for number in range(len(rows))]
    given = {
        "image_id": names,
        "path": names,
        "label": labels,
        "location": locations,
        "taken_at": pd.to_datetime(times),
    }
    return build_index(given | columns)


def test_the_real_distribution_gives_the_published_counts(golden: Profile) -> None:
    seen = golden.overview
    assert (seen.images, seen.labels, seen.species) == (217_959, 216, 215)
    assert (seen.empty, seen.animal) == (74_217, 143_742)
    assert f"{seen.always_empty_accuracy:.2%}" == f"{seen.empty_share:.2%}" == "34.05%"
    assert f"{seen.always_animal_accuracy:.2%}" == "65.95%"


def test_the_real_distribution_gives_the_published_long_tail(golden: Profile) -> None:
    tail = golden.long_tail[Scope.ALL]
    assert tail.at_most == {1: 13, 5: 39, 10: 68, 20: 91, 50: 121, 100: 138, 1000: 182}
    assert tail.quartiles == (7.75, 32, 316.25)
    assert tail.largest_over_smallest == 74_217
    assert f"{tail.top_10_share:.1%} {tail.top_20_share:.1%} {tail.rarer_half_share:.2%}" == "67.6% 83.0% 0.50%"
    assert f"{tail.gini:.3f} {tail.effective_classes:.1f}" == "0.899 21.5"
    assert golden.long_tail[Scope.ANIMALS].above_1000 == 33
    assert (within(golden.classes, Scope.ALL)["images"] < 50).sum() == 121


def test_unknown_animals_and_vehicles_are_no_species_and_leave_the_tail_of_all_labels_alone(
    iwildcam: Dataset, golden: Profile
) -> None:
    info = iwildcam.info.model_copy(update={"labels": LabelPolicy.suggest(COUNTS["name"])})
    figures = profile(Dataset(info, iwildcam.folder))
    assert figures.long_tail[Scope.ALL] == golden.long_tail[Scope.ALL]
    assert figures.long_tail[Scope.NOT_EMPTY].above_1000 == 33
    assert figures.overview.species == 209
    assert {"motorcycle", "unknown"} <= set(figures.classes.loc[figures.classes["role"] == "other", "label"])


def test_the_tables_have_their_columns(golden: Profile) -> None:
    assert tuple(golden.classes) == CLASS_COLUMNS
    assert tuple(golden.locations) == LOCATION_COLUMNS
    assert tuple(golden.hours) == ("hour", *EMPTY_COLUMNS, "unlabelled")
    assert tuple(golden.months) == ("month", *EMPTY_COLUMNS, "unlabelled")


def test_classes_are_ranked_with_their_locations_and_their_hours(save: Save) -> None:
    rows = [("fox", "a", "2020-01-01 12:00"), ("fox", "b", "2020-02-01 23:00"), ("fox", "b", None), ("owl", "b", None)]
    classes = profile(save(table_of(*rows, ("empty", None, "2020-01-05 05:59")))).classes.set_index("label")
    assert list(classes.index) == ["fox", "empty", "owl"]
    assert list(classes["images"]) == [3, 1, 1]
    assert list(classes["locations"]) == [2, 0, 1]
    assert classes["cumulative_share"].to_list() == pytest.approx([0.6, 0.8, 1.0])
    assert classes["day_share"].to_list() == pytest.approx([0.5, 0.0, np.nan], nan_ok=True)
    assert classes.loc["fox", "last"] == pd.Timestamp("2020-02-01 23:00")


def test_a_merged_label_counts_with_the_one_that_it_means(save: Save) -> None:
    labels = LabelPolicy(merged={"agouti paca": "cuniculus paca"})
    figures = profile(save(table_of(("agouti paca", None, None), ("cuniculus paca", None, None)), labels))
    assert figures.classes[["label", "images"]].to_numpy().tolist() == [["cuniculus paca", 2]]


def test_bands_follow_the_thresholds_of_the_literature() -> None:
    tail = long_tail(pd.Series([101, 100, 20, 19, 0]))
    assert (tail.classes, tail.head, tail.middle, tail.tail) == (4, 1, 2, 1)


def test_equal_classes_have_no_inequality() -> None:
    tail = long_tail(pd.Series([7] * 9))
    assert tail.gini == pytest.approx(0)
    assert tail.effective_classes == pytest.approx(9)


def test_images_without_a_label_count_for_no_share(save: Save) -> None:
    rows = [("empty", "a", None), ("fox", "a", None), ("human", "a", None), (None, "a", None), (None, "b", None)]
    figures = profile(save(table_of(*rows, status=["ok", "missing", "ok", "ok", "unreadable"])))
    seen = figures.overview
    assert (seen.images, seen.labelled, seen.other) == (5, 3, 1)
    assert (seen.missing, seen.unreadable) == (1, 1)
    assert seen.empty_share == pytest.approx(1 / 3)
    assert seen.always_animal_accuracy == pytest.approx(1 / 2)
    assert seen.sequences is None
    locations = figures.locations.set_index("location")
    assert locations.loc["a", ["images", "labelled", "empty"]].to_list() == [4, 3, 1]
    assert pd.isna(locations.loc["b", "empty_share"])


def test_a_data_set_without_labels_has_no_baseline_and_no_tail(save: Save) -> None:
    figures = profile(save(table_of((None, "a", "2020-01-01 12:00"))))
    assert figures.overview.always_empty_accuracy is None
    assert set(figures.long_tail.values()) == {None}
    assert "unknown" in figures.summary()["baseline, all labels"]


def test_the_figures_are_valid_json(save: Save) -> None:
    figures = profile(save(table_of(("fox", "a", "2020-01-01 12:00"), (None, "b", None))))
    read = json.loads(json.dumps(figures.to_json(), allow_nan=False))
    assert read["overview"]["first"] == "2020-01-01T12:00:00"
    assert read["hours"][0]["empty_share"] is None
    assert read["locations"][1]["location"] == "b"


@pytest.mark.parametrize(
    ("empty", "images", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],  # Newcombe 1998 for the last
)
def test_the_interval_is_wilson_s(empty: int, images: int, low: float, high: float) -> None:
    bounds = wilson_interval(pd.Series([empty]), pd.Series([images]))
    assert [bound.item() for bound in bounds] == pytest.approx([low, high], abs=5e-5)


def test_no_images_have_no_interval() -> None:
    low, high = wilson_interval(pd.Series([0]), pd.Series([0]))
    assert pd.isna(low.item())
    assert pd.isna(high.item())


def test_every_hour_and_month_has_a_row_with_its_share(save: Save) -> None:
    rows = [("empty", None, "2020-03-01 05:10"), ("fox", None, "2021-03-09 05:50"), ("fox", None, "2020-12-31 23:59")]
    figures = profile(save(table_of(*rows, (None, None, "2020-03-01 05:00"))))
    assert figures.hours["hour"].to_list() == list(range(24))
    assert figures.hours.loc[5, ["images", "empty", "empty_share"]].to_list() == [2, 1, 0.5]
    assert figures.months.loc[2, ["images", "empty"]].to_list() == [2, 1]
    assert figures.months["images"].sum() == 3


def test_empty_shares_can_be_grouped_by_anything(save: Save) -> None:
    index = save(table_of(("empty", "a", None), ("fox", "a", None), ("empty", "b", None))).index
    assert empty_by(index, index["location"])["empty_share"].to_dict() == {"a": 0.5, "b": 1.0}


def test_the_map_of_species_holds_every_animal_once(save: Save) -> None:
    rows = [("fox", "a", None), ("fox", "b", None), ("fox", "b", None), ("owl", "b", None), ("empty", "c", None)]
    counts = species_by_location(save(table_of(*rows)).index)
    assert counts.to_dict() == {"fox": {"b": 2, "a": 1}, "owl": {"b": 1, "a": 0}}


def test_a_split_by_location_tests_new_locations_and_splits_no_burst(
    save: Save, make_index: Callable[..., pd.DataFrame]
) -> None:
    preview = preview_split(save(make_index()).index, SplitSpec(policy=SplitPolicy.LOCATION))
    subsets = preview.subsets.set_index("subset")
    assert tuple(preview.subsets) == SUBSET_COLUMNS
    assert preview.tests_new_locations
    assert subsets.loc[["val", "test"], "locations_in_train"].to_list() == [0, 0]
    assert subsets.loc["id_val", "locations_in_train"] == subsets.loc["id_val", "locations"] > 0
    assert subsets.loc[["id_val", "val", "test"], "sequences_in_train"].sum() == 0
    assert subsets["images"].sum() == 360
    assert subsets["share"].sum() == pytest.approx(1)


def test_a_random_split_splits_bursts_and_shares_locations(save: Save, make_index: Callable[..., pd.DataFrame]) -> None:
    preview = preview_split(save(make_index()).index, SplitSpec(policy=SplitPolicy.RANDOM))
    subsets = preview.subsets.set_index("subset")
    assert not preview.tests_new_locations
    assert subsets.loc["id_val", "locations_in_train"] == 12
    assert subsets.loc["id_val", "sequences_in_train"] > 0


def test_a_species_that_only_an_evaluation_subset_has_is_named(save: Save) -> None:
    rows = [("fox", "a", None), ("fox", "b", None), ("owl", "b", None), ("lynx", "c", None), (None, "a", None)]
    table = table_of(*rows, given_split=["train", "val", "val", "test", "test"])
    preview = preview_split(save(table).index, SplitSpec(policy=SplitPolicy.GIVEN))
    assert preview.species_not_in_train == ("lynx", "owl")
    assert preview.left_out == 1
    subsets = preview.subsets.set_index("subset")["species_not_in_train"]
    assert subsets.to_dict() == {"train": 0, "id_val": 0, "val": 1, "test": 1}


def test_the_subsets_of_every_label_are_counted_and_what_only_test_holds_is_named(save: Save) -> None:
    rows = [("fox", "a", None), ("fox", "b", None), ("owl", "b", None), ("lynx", "c", None), (None, "a", None)]
    table = table_of(*rows, given_split=["train", "val", "val", "test", "test"])
    preview = preview_split(save(table).index, SplitSpec(policy=SplitPolicy.GIVEN))
    assert preview.classes.loc["fox"].to_dict() == {"train": 1, "id_val": 0, "val": 1, "test": 0}
    assert preview.classes.index.tolist() == ["fox", "lynx", "owl"]
    assert preview.labels_only_in_test == ("lynx",)


def test_leaks_are_evaluation_images_near_one_in_train_at_the_same_location(save: Save) -> None:
    rows = [
        ("fox", "a", "2020-01-01 10:00:00"),
        ("fox", "a", "2020-01-01 10:00:07"),
        ("fox", "a", "2020-01-01 10:03:00"),
        ("fox", "b", "2020-01-01 10:00:00"),
        ("owl", "a", "2020-01-01 10:00:58"),
        ("owl", "a", None),
    ]
    subsets = ["train", "val", "val", "val", "test", "val"]
    preview = preview_split(save(table_of(*rows, given_split=subsets)).index, SplitSpec(policy=SplitPolicy.GIVEN))
    assert tuple(preview.leaks) == LEAK_COLUMNS
    assert preview.leaks[["image_id", "subset", "train_image_id", "seconds"]].to_numpy().tolist() == [
        ["1.jpg", "val", "0.jpg", 7.0],
        ["4.jpg", "test", "0.jpg", 58.0],
    ]
    assert preview.subsets.set_index("subset")["near_train"].to_dict() == {"train": 0, "id_val": 0, "val": 1, "test": 1}


def test_the_nearest_in_train_may_come_later(save: Save) -> None:
    rows = [
        ("fox", "a", "2020-01-01 10:00:00"),
        ("fox", "a", "2020-01-01 10:00:50"),
        ("fox", "a", "2020-01-01 10:00:55"),
    ]
    table = table_of(*rows, given_split=["train", "val", "train"])
    leaks = preview_split(save(table).index, SplitSpec(policy=SplitPolicy.GIVEN)).leaks
    assert leaks[["train_image_id", "seconds"]].to_numpy().tolist() == [["2.jpg", 5.0]]


def test_only_locations_with_enough_images_are_listed_as_nearly_always_or_never_empty(save: Save) -> None:
    rows = [("empty", "always", None)] * 60 + [("fox", "never", None)] * 60 + [("empty", "few", None)] * 3
    locations = location_table(save(table_of(*rows)).index)
    assert nearly_always_empty(locations)["location"].tolist() == ["always"]
    assert nearly_never_empty(locations)["location"].tolist() == ["never"]


def test_species_are_counted_in_every_hour_of_the_day(save: Save) -> None:
    rows = [("owl", None, "2020-01-01 23:10"), ("fox", None, "2020-01-01 05:00"), ("fox", None, "2020-01-02 05:59")]
    counts = species_by_hour(save(table_of(*rows, ("empty", None, "2020-01-01 05:00"), ("fox", None, None))).index)
    assert counts.index.tolist() == ["fox", "owl"]
    assert counts.columns.tolist() == list(range(24))
    assert (counts.loc["fox", 5], counts.loc["owl", 23], counts.to_numpy().sum()) == (2, 1, 3)


def test_light_is_by_clock_and_by_pixels_where_known(save: Save) -> None:
    index = save(
        table_of(("fox", None, "2020-01-01 06:00"), ("fox", None, "2020-01-01 18:00"), ("fox", None, None))
    ).index
    seen = light(index, pd.Series([False, True, pd.NA], dtype="boolean"))
    assert (seen.timed, seen.day_share, seen.night_share) == (2, 0.5, 0.5)
    assert (seen.checked, seen.infrared_share) == (2, 0.5)
    assert light(index).infrared_share is None


@pytest.mark.parametrize(
    ("last", "period", "columns"),
    [
        ("2020-01-10 12:00", Period.DAY, 10),
        ("2020-12-31 12:00", Period.WEEK, 53),
        ("2023-02-01 00:00", Period.MONTH, 38),
    ],
)
def test_the_time_line_shows_gaps_in_periods_that_fit_its_length(
    save: Save, last: str, period: Period, columns: int
) -> None:
    rows = [
        ("fox", "a", "2020-01-01 00:00"),
        ("fox", "a", last),
        ("fox", "a", last),
        ("fox", "b", last),
        (None, None, last),
    ]
    line = timeline(save(table_of(*rows)).index)
    assert line.period is period
    assert line.images.shape == (2, columns)
    counts = line.images.loc["a"].tolist()
    assert (counts[0], counts[-1], sum(counts)) == (1, 2, 3)


def test_a_data_set_without_times_has_an_empty_time_line(save: Save) -> None:
    index = save(table_of(("fox", "a", None))).index
    assert timeline(index).images.empty
    assert species_by_hour(index).empty


def test_every_figure_of_a_page_is_printed_and_a_split_that_cannot_be_made_says_why(save: Save) -> None:
    figures = everything(save(table_of(("fox", "a", "2020-01-01 12:00"), ("empty", "b", "2020-01-01 12:30"))))
    read = json.loads(json.dumps(figures, allow_nan=False))
    assert read["species_by_location"] == [{"location": "a", "label": "fox", "images": 1}]
    assert read["species_by_hour"] == [{"label": "fox", "hour": 12, "images": 1}]
    assert read["timeline"]["period"] == "day"
    assert "needs 3 or more locations" in read["splits"]["location"]
