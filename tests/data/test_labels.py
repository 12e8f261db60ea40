"""How labels are read: empty, animal, neither."""

import pandas as pd
import pytest

from wildcam.data.labels import POLICY_COLUMNS, LabelPolicy, LabelRole
from wildcam.errors import UsageError


def test_the_usual_names_are_recognised_in_any_case() -> None:
    policy = LabelPolicy.suggest(["Empty", "blank", "Human", "vehicle", "fox", "misfire"])
    assert policy.empty == ("Empty", "blank")
    assert policy.other == ("Human", "misfire", "vehicle")
    assert policy.role("fox") is LabelRole.ANIMAL


def test_a_merged_label_has_the_role_of_what_it_counts_as() -> None:
    policy = LabelPolicy(empty=("empty",), merged={"blank": "empty", "agouti paca": "cuniculus paca"})
    labels = pd.Series(["blank", "agouti paca", None, "cuniculus paca"], dtype="category", index=[5, 6, 7, 8])
    table = policy.read(labels)
    assert table.index.tolist() == [5, 6, 7, 8]
    assert table["label"].dropna().tolist() == ["empty", "cuniculus paca", "cuniculus paca"]
    assert table["role"].dropna().tolist() == ["empty", "animal", "animal"]
    assert table.loc[7].isna().all()


def test_a_reading_survives_the_way_through_its_table() -> None:
    policy = LabelPolicy(empty=("empty",), other=("human",), merged={"blank": "empty"}, takes_second=("human",))
    table = policy.to_table(pd.Series({"fox": 3, "blank": 9, "empty": 5, "human": 1}))
    assert tuple(table) == POLICY_COLUMNS
    assert table["label"].tolist() == ["blank", "empty", "fox", "human"]
    assert table["role"].tolist() == ["empty", "empty", "animal", "other"]
    assert LabelPolicy.of_table(table) == policy


def test_a_label_that_counts_as_itself_is_not_merged() -> None:
    table = LabelPolicy().to_table(pd.Series({"fox": 1})).assign(counts_as="fox")
    assert LabelPolicy.of_table(table) == LabelPolicy()


def test_a_merge_into_a_label_that_is_merged_itself_is_refused_with_the_way_out() -> None:
    table = LabelPolicy().to_table(pd.Series({"a": 3, "b": 2, "c": 1})).assign(counts_as=["b", "c", None])
    with pytest.raises(UsageError, match="'a' counts as 'b', which itself counts as 'c'"):
        LabelPolicy.of_table(table)


def test_what_counted_as_a_label_goes_along_when_that_is_merged() -> None:
    policy = LabelPolicy(empty=("a",)).with_merge("a", "b").with_merge("b", "c")
    assert policy == LabelPolicy(merged={"a": "c", "b": "c"})
    assert policy.with_merge("d", "a").merged["d"] == "c"
    with pytest.raises(UsageError, match="cannot count as itself"):
        policy.with_merge("c", "a")


def test_a_label_with_a_role_of_its_own_is_not_merged_and_has_no_other() -> None:
    policy = LabelPolicy(empty=("a",), merged={"b": "c"})
    assert policy.with_role("a", LabelRole.OTHER) == LabelPolicy(other=("a",), merged={"b": "c"})
    assert policy.with_role("b", LabelRole.EMPTY) == LabelPolicy(empty=("a", "b"))
    assert policy.with_role("a", LabelRole.ANIMAL) == LabelPolicy(merged={"b": "c"})


def test_the_second_label_counts_where_the_first_gives_way() -> None:
    policy = LabelPolicy().with_second("human", taken=True)
    labels = pd.DataFrame(
        {"label": ["human", "human", "deer", None], "second_label": ["cow", None, "human", None]}, dtype="category"
    )
    ordered = policy.in_order(labels)
    assert ordered["label"].tolist()[:3] == ["cow", "human", "deer"]
    assert ordered["second_label"].dropna().tolist() == ["human", "human"]
    assert ordered.loc[3].isna().all()
    assert policy.with_second("human", taken=False) == LabelPolicy()


def test_the_table_of_no_labels_has_the_types_of_any_other() -> None:
    empty, some = (LabelPolicy().to_table(pd.Series(sizes, dtype="int64")) for sizes in ({}, {"fox": 1}))
    assert str(empty.dtypes["takes_second"]) == str(some.dtypes["takes_second"]) == "bool"
