"""One ground truth and one answer for each burst."""

import pandas as pd

from wildcam.evaluation.bursts import score_bursts


def at(second: int) -> pd.Timestamp:
    return pd.Timestamp(2024, 6, 1, 12, 0, second)


def test_a_burst_is_right_where_its_frames_together_are(score_rows) -> None:
    scored = score_rows(
        [
            {
                "ground_truth": "fox",
                "label": "fox",
                "taken_at": at(1),
                "confidence": 0.9,
                "top_labels": ["fox"],
                "p_empty": 0.2,
            },
            {"ground_truth": "fox", "label": "empty", "taken_at": at(2), "p_empty": 0.9},
            {"ground_truth": "empty", "label": "empty", "taken_at": at(3), "p_empty": 0.8},  # it has left
            {"ground_truth": "deer", "label": "empty", "location": "s", "taken_at": at(2)},
        ]
    )
    bursts = score_bursts(scored).set_index("image_id")
    assert bursts[["ground_truth", "label", "outcome"]].values.tolist() == [
        ["deer", "empty", "missed_animal"],
        ["fox", "fox", "correct"],
    ]
    assert bursts.loc["0", ["agreement", "views"]].tolist() == [1, 3]
    assert list(bursts.loc["0", "top_labels"]) == ["fox"]
    assert bursts.loc["0", "p_empty"] == scored.loc[0, "p_empty"]


def test_images_that_stand_alone_stay_as_they_are(score_rows) -> None:
    scored = score_rows([{"ground_truth": "fox", "label": "fox"}, {"ground_truth": "empty", "label": "fox"}])
    pd.testing.assert_frame_equal(score_bursts(scored), scored)
