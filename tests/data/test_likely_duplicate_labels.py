"""Labels that may be two names of one class."""

from pathlib import Path

import pandas as pd

from wildcam.data.likely_duplicate_labels import LIKELY_DUPLICATE_COLUMNS, DuplicateReason, likely_duplicate_labels

COUNTS = pd.read_csv(Path(__file__).parents[2] / "bench" / "data" / "iwildcam2020_class_counts.csv")


def pairs(images: dict[str, int]) -> list[tuple[str, str, str]]:
    return list(likely_duplicate_labels(pd.Series(images, dtype="int64")).itertuples(index=False, name=None))


def test_of_the_real_names_the_known_pairs_are_pointed_out() -> None:
    found = likely_duplicate_labels(COUNTS.set_index("name")["train_images"])
    assert tuple(found) == LIKELY_DUPLICATE_COLUMNS
    together = set(map(frozenset, zip(found["label"], found["other_label"], strict=True)))
    assert frozenset(["agouti paca", "cuniculus paca"]) in together
    assert frozenset(["puma yagouaroundi", "puma yaguaroundi"]) in together
    assert frozenset(["mazama temama", "mazama  temama"]) in together
    assert frozenset(["unknown bat", "unknown rat"]) not in together
    assert len(found) <= 20


def test_the_larger_label_comes_first() -> None:
    assert pairs({"agouti paca": 1, "cuniculus paca": 5}) == [
        ("cuniculus paca", "agouti paca", DuplicateReason.EPITHET)
    ]


def test_names_that_differ_in_case_and_blanks_only_are_one_spelling() -> None:
    assert pairs({"Fox": 2, "fox ": 1}) == [("Fox", "fox ", DuplicateReason.SPELLING)]


def test_different_species_of_one_genus_and_common_second_names_are_no_pair() -> None:
    assert pairs({"crax rubra": 1, "crax alector": 1, "a africanus": 1, "bb africanus": 1, "ccc africanus": 1}) == []
    assert pairs({"mazama sp.": 1, "didelphis sp.": 1, "": 1, "fox": 1}) == []
    assert pairs({}) == []
