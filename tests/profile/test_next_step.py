import pytest

from wildcam.profile.next_step import NextStep, next_step


@pytest.mark.parametrize(
    ("checked", "labelled_share", "training", "trained", "expected"),
    [
        (False, 1.0, False, False, NextStep.CHECK),
        (True, 0.0, False, False, NextStep.LABEL),
        (True, 1.0, False, False, NextStep.TRAIN),
        (True, 1.0, True, False, NextStep.WATCH),
        (True, 1.0, True, True, NextStep.WATCH),
        (True, 1.0, False, True, NextStep.IDENTIFY),
    ],
)
def test_the_next_step_is_the_first_that_is_still_to_be_done(
    checked: bool, labelled_share: float, training: bool, trained: bool, expected: NextStep
) -> None:
    found = next_step(checked=checked, labelled_share=labelled_share, training=training, trained=trained)
    assert found is expected
