"""One truth and one answer for each burst."""

import pandas as pd

from wildcam.evaluation.bursts import judge_bursts


def at(second: int) -> pd.Timestamp:
    return pd.Timestamp(2024, 6, 1, 12, 0, second)


def test_a_burst_is_right_where_its_frames_together_are(judge_rows) -> None:
    judged = judge_rows(
        [
            {
                "truth": "fox",
                "label": "fox",
                "taken_at": at(1),
                "confidence": 0.9,
                "top_labels": ["fox"],
                "p_empty": 0.2,
            },
            {"truth": "fox", "label": "empty", "taken_at": at(2), "p_empty": 0.9},
            {"truth": "empty", "label": "empty", "taken_at": at(3), "p_empty": 0.8},  # it has left
            {"truth": "deer", "label": "empty", "location": "s", "taken_at": at(2)},
        ]
    )
    bursts = judge_bursts(judged).set_index("image_id")
    assert bursts[["truth", "label", "outcome"]].values.tolist() == [
        ["deer", "empty", "animal lost"], ["fox", "fox", "right"],
    ]  # fmt: skip
    assert bursts.loc["0", ["agreement", "views"]].tolist() == [1, 3]
    assert list(bursts.loc["0", "top_labels"]) == ["fox"]
    assert bursts.loc["0", "p_empty"] == judged.loc[0, "p_empty"]


def test_photographs_that_stand_alone_stay_as_they_are(judge_rows) -> None:
    judged = judge_rows([{"truth": "fox", "label": "fox"}, {"truth": "empty", "label": "fox"}])
    pd.testing.assert_frame_equal(judge_bursts(judged), judged)
