"""Who trains and who judges."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from wildcam.data.catalog import build_index
from wildcam.data.sequences import BLOCK_LENGTH, sequence_of
from wildcam.data.splits import Split, SplitPolicy, SplitSpec, Subset, make_split
from wildcam.errors import DataError

MakeIndex = Callable[..., pd.DataFrame]
POLICIES = (SplitPolicy.LOCATION, SplitPolicy.SEQUENCE, SplitPolicy.RANDOM)


def split_of(index: pd.DataFrame, policy: str = "location", **numbers: Any) -> tuple[Split, pd.DataFrame]:
    """The split, and the rows that take part with their side."""
    split = make_split(index, SplitSpec(policy=SplitPolicy(policy), **numbers))
    return split, index.merge(split.table, on="image_id", validate="one_to_one")


def subsets_of(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows.groupby(rows[column].astype(str))["subset"].agg(lambda subsets: frozenset(map(str, subsets)))


def without(index: pd.DataFrame, *names: str) -> pd.DataFrame:
    return build_index({name: index[name] for name in index if name not in names})


def flat(n: int) -> pd.DataFrame:
    """One camera, no times, no bursts."""
    names = [f"{k:05}.jpg" for k in range(n)]
    return build_index({"image_id": names, "path": names, "location": ["1"] * n, "label": ["fox"] * n})


@pytest.mark.parametrize("seed", range(5))
def test_a_location_never_straddles_train_and_new_locations(make_index: MakeIndex, seed: int) -> None:
    _, rows = split_of(make_index(), seed=seed)
    assert set(subsets_of(rows, "location")) <= {
        frozenset(["train"]),
        frozenset(["train", "id_val"]),
        frozenset(["val"]),
        frozenset(["test"]),
    }
    assert len(rows) == 12 * 10 * 3
    assert set(rows["subset"]) == set(Subset)


@pytest.mark.parametrize("policy", ["location", "sequence"])
def test_a_burst_is_never_torn(make_index: MakeIndex, policy: str) -> None:
    for index in (make_index(), without(make_index(), "sequence_id")):
        _, rows = split_of(index, policy)
        assert (rows["subset"].groupby(sequence_of(rows)).nunique() == 1).all()


def test_id_val_is_whole_days_of_locations_that_train_knows(make_index: MakeIndex) -> None:
    _, rows = split_of(make_index(), id_val_fraction=0.2)
    known = rows[rows["subset"].isin(["train", "id_val"])]
    assert (known["subset"].groupby(known["taken_at"].dt.date).nunique() == 1).all()
    held_out = known[known["subset"] == "id_val"]
    assert len(held_out) / len(known) == pytest.approx(0.2)
    assert set(held_out["location"]) <= set(known.loc[known["subset"] == "train", "location"])


def test_a_burst_over_midnight_stays_whole_even_where_a_time_is_missing(make_index: MakeIndex) -> None:
    index = make_index(6, 12)
    times = index["taken_at"] + pd.Timedelta(hours=11, minutes=59, seconds=57)
    _, rows = split_of(make_index(6, 12, taken_at=times.mask(index.index % 3 == 2)), id_val_fraction=0.3)
    assert (rows["subset"] == "id_val").any()
    assert (rows["subset"].groupby(rows["sequence_id"], observed=True).nunique() == 1).all()


def test_a_location_of_one_day_is_never_held_out(make_index: MakeIndex) -> None:
    _, rows = split_of(make_index(12, 1), id_val_fraction=0.5)
    assert "id_val" not in set(rows["subset"])


def test_days_larger_than_the_share_do_not_stop_smaller_ones(make_index: MakeIndex) -> None:
    index = make_index(8, 10)
    one_large_day = index["taken_at"].where(index["taken_at"].dt.day > 3, pd.Timestamp("2014-03-01 12:00"))
    for seed in range(5):
        _, rows = split_of(make_index(8, 10, taken_at=one_large_day), seed=seed, id_val_fraction=0.15)
        assert 0 < (rows["subset"] == "id_val").sum() <= 0.15 * len(rows)


def test_locations_that_the_source_keeps_for_testing_stay_in_test(make_index: MakeIndex) -> None:
    given = np.where(make_index()["location"].isin(["camera 3", "camera 7"]), "test", "train")
    _, rows = split_of(make_index(given_split=given))
    assert set(rows.loc[rows["subset"] == "test", "location"]) == {"camera 3", "camera 7"}


def test_a_source_that_tears_locations_does_not_choose_the_test_locations(make_index: MakeIndex) -> None:
    torn = np.where(np.arange(360) % 5 == 0, "test", "train")
    _, rows = split_of(make_index(given_split=torn))
    assert rows.loc[rows["subset"] == "test", "location"].nunique() == round(12 * 0.15)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_order_of_the_rows_plays_no_part(make_index: MakeIndex, policy: SplitPolicy) -> None:
    for index in (make_index(), without(make_index(), "sequence_id"), flat(500)):
        if policy is SplitPolicy.LOCATION and index["location"].nunique() < 3:
            continue
        shuffled = index.sample(frac=1, random_state=1)
        assert make_split(index, SplitSpec(policy=policy)).fingerprint == (
            make_split(shuffled, SplitSpec(policy=policy)).fingerprint
        )


@pytest.mark.parametrize("policy", POLICIES)
def test_a_seed_decides_the_split(make_index: MakeIndex, policy: SplitPolicy) -> None:
    prints = [make_split(make_index(), SplitSpec(policy=policy, seed=seed)).fingerprint for seed in (0, 0, 1)]
    assert prints[0] == prints[1] != prints[2]


def test_a_negative_seed_and_an_unknown_field_are_refused() -> None:
    with pytest.raises(ValidationError):
        SplitSpec(seed=-1)
    with pytest.raises(ValidationError):
        SplitSpec(shuffle=True)  # type: ignore[call-arg]


def test_images_without_a_label_take_no_part(make_index: MakeIndex) -> None:
    labels = make_index()["label"].astype(object).where(np.arange(360) % 4 > 0, None)
    _, rows = split_of(make_index(label=labels))
    assert len(rows) == 270
    with pytest.raises(DataError, match="no labelled photos to split"):
        split_of(make_index(label=None))


def test_images_without_a_location_take_no_part_and_are_counted(make_index: MakeIndex) -> None:
    locations = make_index()["location"].astype(object).where(np.arange(360) >= 10, None)
    split, rows = split_of(make_index(location=locations))
    assert len(rows) == 350
    assert split.warnings == ("10 photos have no location and are left out.",)


@pytest.mark.parametrize("locations", [0, 1, 2])
def test_a_location_split_needs_three_locations(make_index: MakeIndex, locations: int) -> None:
    index = make_index(max(locations, 1))
    with pytest.raises(DataError, match=f"this data set has {locations}. Choose another split"):
        split_of(index if locations else without(index, "location"))


def test_two_locations_are_enough_without_a_test_subset(make_index: MakeIndex) -> None:
    _, rows = split_of(make_index(2), test_fraction=0.0)
    assert {frozenset({"val"})} < set(subsets_of(rows, "location"))


def test_a_sequence_split_has_the_requested_fractions(make_index: MakeIndex) -> None:
    split, rows = split_of(make_index(12, 20), "sequence", test_fraction=0.2, val_fraction=0.1)
    shares = rows["subset"].value_counts(normalize=True)
    assert shares["test"] == pytest.approx(0.2, abs=0.01)
    assert shares["id_val"] == pytest.approx(0.1, abs=0.01)
    assert split.validation_subset is Subset.ID_VAL
    assert "the same locations are in every subset" in split.warnings[0]


def test_one_location_without_times_is_split_by_blocks_of_names() -> None:
    split, rows = split_of(flat(20 * BLOCK_LENGTH), "sequence")
    blocks = rows["subset"].groupby(np.arange(len(rows)) // BLOCK_LENGTH).nunique()
    assert (blocks == 1).all()
    assert rows["subset"].value_counts().to_dict() == {"train": 750, "test": 150, "id_val": 100, "val": 0}
    assert any(f"blocks of {BLOCK_LENGTH} consecutive files" in warning for warning in split.warnings)


def test_few_bursts_leave_test_empty_before_train_and_say_so(make_index: MakeIndex) -> None:
    split, rows = split_of(make_index(1, 2), "sequence")
    assert rows["subset"].value_counts().to_dict() == {"train": 3, "id_val": 3, "val": 0, "test": 0}
    assert any("No photos are left for the test subset" in warning for warning in split.warnings)


def test_a_subset_that_training_needs_and_that_comes_out_empty_is_refused(make_index: MakeIndex) -> None:
    with pytest.raises(DataError, match=r"leaves 0 training and 3 validation photos"):
        split_of(make_index(1, 1), "sequence")
    with pytest.raises(DataError, match=r"leaves 0 training"):
        split_of(make_index(4), test_fraction=0.5, val_fraction=0.9)


def test_a_random_split_counts_what_leaks(make_index: MakeIndex) -> None:
    split, rows = split_of(make_index(), "random", seed=1)
    assert set(rows["subset"]) == {"train", "id_val"}
    assert (rows["subset"] == "id_val").mean() == pytest.approx(0.3, abs=0.06)
    in_train = set(rows.loc[rows["subset"] == "train", "sequence_id"])
    in_validation = rows[rows["subset"] == "id_val"]
    leaked = sum(sequence in in_train for sequence in in_validation["sequence_id"])
    assert 0 < leaked < len(in_validation)
    assert f"{leaked} of {len(in_validation)} validation photos" in split.warnings[0]


def test_the_given_subsets_are_taken_as_they_are(make_index: MakeIndex) -> None:
    locations = make_index()["location"].astype(str)
    given = locations.map({"camera 0": "Val", "camera 1": "test", "camera 2": "id_val", "camera 3": "id_test"})
    split, rows = split_of(make_index(given_split=given.fillna("train")), "given")
    assert subsets_of(rows, "location")[["camera 0", "camera 1", "camera 2", "camera 3", "camera 4"]].tolist() == [
        {"val"},
        {"test"},
        {"id_val"},
        {"id_val"},
        {"train"},
    ]
    assert split.warnings == ()


def test_subsets_that_are_not_known_take_no_part_and_are_named(make_index: MakeIndex) -> None:
    given = np.where(np.arange(360) < 300, "train", np.where(np.arange(360) < 330, "val", "holdout"))
    split, rows = split_of(make_index(given_split=given), "given", test_fraction=0.0)
    assert len(rows) == 330
    assert split.warnings == ("Unknown subsets of the source are left out: holdout.",)


def test_a_source_without_a_validation_subset_lends_locations_of_train(make_index: MakeIndex) -> None:
    given = np.where(make_index()["location"].isin(["camera 1", "camera 2"]), "test", "train")
    split, rows = split_of(make_index(given_split=given), "given")
    by_location = subsets_of(rows, "location")
    assert set(by_location[["camera 1", "camera 2"]]) == {frozenset(["test"])}
    assert (by_location == {"val"}).sum() == 1
    assert "some locations of its training subset" in split.warnings[0]


def test_a_source_without_validation_and_locations_lends_bursts(make_index: MakeIndex) -> None:
    index = without(make_index(given_split="train"), "location")
    split, rows = split_of(index, "given")
    assert (rows["subset"].groupby(rows["sequence_id"], observed=True).nunique() == 1).all()
    assert split.validation_subset is Subset.ID_VAL
    assert "some bursts of its training subset" in split.warnings[0]


def test_a_source_without_subsets_is_refused(make_index: MakeIndex) -> None:
    with pytest.raises(DataError, match=r"The source has no subsets. Choose another split"):
        split_of(make_index(), "given")


def test_a_class_with_one_image_is_assigned_like_any_other(make_index: MakeIndex) -> None:
    labels = ["unicorn", *make_index()["label"].astype(str)[1:]]
    for policy in POLICIES:
        _, rows = split_of(make_index(label=labels), policy)
        assert (rows["label"] == "unicorn").sum() == 1
