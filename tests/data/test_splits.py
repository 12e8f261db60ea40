"""Who trains and who judges."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from wildcam.data.catalog import build_index
from wildcam.data.sequences import BLOCK_LENGTH, sequence_of
from wildcam.data.splits import Side, Split, SplitPolicy, SplitSpec, make_split
from wildcam.errors import DataError

Cameras = Callable[..., pd.DataFrame]
POLICIES = (SplitPolicy.LOCATION, SplitPolicy.SEQUENCE, SplitPolicy.RANDOM)


def split_of(index: pd.DataFrame, policy: str = "location", **numbers: Any) -> tuple[Split, pd.DataFrame]:
    """The split, and the rows that take part with their side."""
    split = make_split(index, SplitSpec(policy=SplitPolicy(policy), **numbers))
    return split, index.merge(split.table, on="image_id", validate="one_to_one")


def sides_of(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows.groupby(rows[column].astype(str))["side"].agg(lambda sides: frozenset(map(str, sides)))


def without(index: pd.DataFrame, *names: str) -> pd.DataFrame:
    return build_index({name: index[name] for name in index if name not in names})


def flat(n: int) -> pd.DataFrame:
    """One camera, no times, no bursts."""
    names = [f"{k:05}.jpg" for k in range(n)]
    return build_index({"image_id": names, "path": names, "location": ["1"] * n, "label": ["fox"] * n})


@pytest.mark.parametrize("seed", range(5))
def test_a_camera_never_straddles_train_and_new_cameras(cameras: Cameras, seed: int) -> None:
    _, rows = split_of(cameras(), seed=seed)
    assert set(sides_of(rows, "location")) <= {
        frozenset(["train"]), frozenset(["train", "id_val"]), frozenset(["val"]), frozenset(["test"]),
    }  # fmt: skip
    assert len(rows) == 12 * 10 * 3
    assert set(rows["side"]) == set(Side)


@pytest.mark.parametrize("policy", ["location", "sequence"])
def test_a_burst_is_never_torn(cameras: Cameras, policy: str) -> None:
    for index in (cameras(), without(cameras(), "sequence_id")):
        _, rows = split_of(index, policy)
        assert (rows["side"].groupby(sequence_of(rows)).nunique() == 1).all()


def test_id_val_is_whole_days_of_cameras_that_train_knows(cameras: Cameras) -> None:
    _, rows = split_of(cameras(), id_val_fraction=0.2)
    known = rows[rows["side"].isin(["train", "id_val"])]
    assert (known["side"].groupby(known["taken_at"].dt.date).nunique() == 1).all()
    held_out = known[known["side"] == "id_val"]
    assert len(held_out) / len(known) == pytest.approx(0.2)
    assert set(held_out["location"]) <= set(known.loc[known["side"] == "train", "location"])


def test_a_burst_over_midnight_stays_whole_even_where_a_time_is_missing(cameras: Cameras) -> None:
    index = cameras(6, 12)
    times = index["taken_at"] + pd.Timedelta(hours=11, minutes=59, seconds=57)
    _, rows = split_of(cameras(6, 12, taken_at=times.mask(index.index % 3 == 2)), id_val_fraction=0.3)
    assert (rows["side"] == "id_val").any()
    assert (rows["side"].groupby(rows["sequence_id"], observed=True).nunique() == 1).all()


def test_a_camera_of_one_day_is_never_held_out(cameras: Cameras) -> None:
    _, rows = split_of(cameras(12, 1), id_val_fraction=0.5)
    assert "id_val" not in set(rows["side"])


def test_days_larger_than_the_share_do_not_stop_smaller_ones(cameras: Cameras) -> None:
    index = cameras(8, 10)
    one_large_day = index["taken_at"].where(index["taken_at"].dt.day > 3, pd.Timestamp("2014-03-01 12:00"))
    for seed in range(5):
        _, rows = split_of(cameras(8, 10, taken_at=one_large_day), seed=seed, id_val_fraction=0.15)
        assert 0 < (rows["side"] == "id_val").sum() <= 0.15 * len(rows)


def test_cameras_that_the_source_keeps_for_testing_stay_in_test(cameras: Cameras) -> None:
    given = np.where(cameras()["location"].isin(["camera 3", "camera 7"]), "test", "train")
    _, rows = split_of(cameras(given_split=given))
    assert set(rows.loc[rows["side"] == "test", "location"]) == {"camera 3", "camera 7"}


def test_a_source_that_tears_cameras_does_not_choose_the_test_cameras(cameras: Cameras) -> None:
    torn = np.where(np.arange(360) % 5 == 0, "test", "train")
    _, rows = split_of(cameras(given_split=torn))
    assert rows.loc[rows["side"] == "test", "location"].nunique() == round(12 * 0.15)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_order_of_the_rows_plays_no_part(cameras: Cameras, policy: SplitPolicy) -> None:
    for index in (cameras(), without(cameras(), "sequence_id"), flat(500)):
        if policy is SplitPolicy.LOCATION and index["location"].nunique() < 3:
            continue
        shuffled = index.sample(frac=1, random_state=1)
        assert make_split(index, SplitSpec(policy=policy)).fingerprint == (
            make_split(shuffled, SplitSpec(policy=policy)).fingerprint
        )


@pytest.mark.parametrize("policy", POLICIES)
def test_a_seed_decides_the_split(cameras: Cameras, policy: SplitPolicy) -> None:
    prints = [make_split(cameras(), SplitSpec(policy=policy, seed=seed)).fingerprint for seed in (0, 0, 1)]
    assert prints[0] == prints[1] != prints[2]


def test_a_negative_seed_and_an_unknown_field_are_refused() -> None:
    with pytest.raises(ValidationError):
        SplitSpec(seed=-1)
    with pytest.raises(ValidationError):
        SplitSpec(shuffle=True)  # type: ignore[call-arg]


def test_photographs_without_a_label_take_no_part(cameras: Cameras) -> None:
    labels = cameras()["label"].astype(object).where(np.arange(360) % 4 > 0, None)
    _, rows = split_of(cameras(label=labels))
    assert len(rows) == 270
    with pytest.raises(DataError, match="no labelled photographs to split"):
        split_of(cameras(label=None))


def test_photographs_without_a_location_take_no_part_and_are_counted(cameras: Cameras) -> None:
    places = cameras()["location"].astype(object).where(np.arange(360) >= 10, None)
    split, rows = split_of(cameras(location=places))
    assert len(rows) == 350
    assert split.warnings == ("10 photographs without a location take no part.",)


@pytest.mark.parametrize("places", [0, 1, 2])
def test_a_location_split_needs_three_cameras(cameras: Cameras, places: int) -> None:
    index = cameras(max(places, 1))
    with pytest.raises(DataError, match=f"this data set has {places}. Choose the split 'sequence'"):
        split_of(index if places else without(index, "location"))


def test_two_cameras_are_enough_where_no_test_is_asked_for(cameras: Cameras) -> None:
    _, rows = split_of(cameras(2), test_fraction=0.0)
    assert {frozenset({"val"})} < set(sides_of(rows, "location"))


def test_a_sequence_split_deals_the_asked_shares(cameras: Cameras) -> None:
    split, rows = split_of(cameras(12, 20), "sequence", test_fraction=0.2, val_fraction=0.1)
    shares = rows["side"].value_counts(normalize=True)
    assert shares["test"] == pytest.approx(0.2, abs=0.01)
    assert shares["id_val"] == pytest.approx(0.1, abs=0.01)
    assert split.validation_side is Side.ID_VAL
    assert "the same cameras stand on all sides" in split.warnings[0]


def test_one_camera_without_times_is_split_by_blocks_of_names() -> None:
    split, rows = split_of(flat(20 * BLOCK_LENGTH), "sequence")
    blocks = rows["side"].groupby(np.arange(len(rows)) // BLOCK_LENGTH).nunique()
    assert (blocks == 1).all()
    assert rows["side"].value_counts().to_dict() == {"train": 750, "test": 150, "id_val": 100, "val": 0}
    assert any(f"blocks of {BLOCK_LENGTH} consecutive files" in warning for warning in split.warnings)


def test_few_bursts_leave_test_empty_before_train_and_say_so(cameras: Cameras) -> None:
    split, rows = split_of(cameras(1, 2), "sequence")
    assert rows["side"].value_counts().to_dict() == {"train": 3, "id_val": 3, "val": 0, "test": 0}
    assert any("No photographs are left for test" in warning for warning in split.warnings)


def test_a_side_that_training_needs_and_that_comes_out_empty_is_refused(cameras: Cameras) -> None:
    with pytest.raises(DataError, match=r"leaves 0 photographs to train and 3 to validate"):
        split_of(cameras(1, 1), "sequence")
    with pytest.raises(DataError, match=r"leaves 0 photographs to train"):
        split_of(cameras(4), test_fraction=0.5, val_fraction=0.9)


def test_a_random_split_counts_what_leaks(cameras: Cameras) -> None:
    split, rows = split_of(cameras(), "random", seed=1)
    assert set(rows["side"]) == {"train", "id_val"}
    assert (rows["side"] == "id_val").mean() == pytest.approx(0.3, abs=0.06)
    in_train = set(rows.loc[rows["side"] == "train", "sequence_id"])
    judging = rows[rows["side"] == "id_val"]
    leaked = sum(sequence in in_train for sequence in judging["sequence_id"])
    assert 0 < leaked < len(judging)
    assert f"{leaked} of {len(judging)} validation photographs" in split.warnings[0]


def test_the_given_sides_are_taken_as_they_are(cameras: Cameras) -> None:
    places = cameras()["location"].astype(str)
    given = places.map({"camera 0": "Val", "camera 1": "test", "camera 2": "id_val", "camera 3": "id_test"})
    split, rows = split_of(cameras(given_split=given.fillna("train")), "given")
    assert sides_of(rows, "location")[["camera 0", "camera 1", "camera 2", "camera 3", "camera 4"]].tolist() == [
        {"val"}, {"test"}, {"id_val"}, {"id_val"}, {"train"},
    ]  # fmt: skip
    assert split.warnings == ()


def test_sides_that_are_not_known_take_no_part_and_are_named(cameras: Cameras) -> None:
    given = np.where(np.arange(360) < 300, "train", np.where(np.arange(360) < 330, "val", "holdout"))
    split, rows = split_of(cameras(given_split=given), "given", test_fraction=0.0)
    assert len(rows) == 330
    assert split.warnings == ("Sides that are not known take no part: holdout.",)


def test_a_source_without_a_validation_side_lends_cameras_of_train(cameras: Cameras) -> None:
    given = np.where(cameras()["location"].isin(["camera 1", "camera 2"]), "test", "train")
    split, rows = split_of(cameras(given_split=given), "given")
    by_camera = sides_of(rows, "location")
    assert set(by_camera[["camera 1", "camera 2"]]) == {frozenset(["test"])}
    assert (by_camera == {"val"}).sum() == 1
    assert "some cameras of its train side" in split.warnings[0]


def test_a_source_without_validation_and_cameras_lends_bursts(cameras: Cameras) -> None:
    index = without(cameras(given_split="train"), "location")
    split, rows = split_of(index, "given")
    assert (rows["side"].groupby(rows["sequence_id"], observed=True).nunique() == 1).all()
    assert split.validation_side is Side.ID_VAL
    assert "some bursts of its train side" in split.warnings[0]


def test_a_source_that_says_nothing_is_refused(cameras: Cameras) -> None:
    with pytest.raises(DataError, match=r"says nothing about sides. Choose the split 'location'"):
        split_of(cameras(), "given")


def test_a_class_with_one_photograph_is_dealt_like_any_other(cameras: Cameras) -> None:
    labels = ["unicorn", *cameras()["label"].astype(str)[1:]]
    for policy in POLICIES:
        _, rows = split_of(cameras(label=labels), policy)
        assert (rows["label"] == "unicorn").sum() == 1
