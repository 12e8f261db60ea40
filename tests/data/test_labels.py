"""How labels are read: empty, animal, neither."""

import pandas as pd

from wildcam.data.labels import LabelPolicy, LabelRole


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
