"""What comes next for a data set: check, label, train, identify."""

from wildcam.choice import Choice


class NextStep(Choice):
    """The first step that is still to be done."""

    CHECK = "check", "Check the files"
    LABEL = "label", "Add labels"
    TRAIN = "train", "Train a model"
    WATCH = "watch", "Watch the training"
    IDENTIFY = "identify", "Identify photos"


LABELLED_ENOUGH = 0.05
"""Share of labelled photos from which training is worth a try."""


def next_step(*, checked: bool, labelled_share: float, training: bool, trained: bool) -> NextStep:
    """`checked`: the files were; `labelled_share`: 0–1; `training`, `trained`: a run of this data set runs, ended well.

    A data set without labels can be identified with the models that are there, so its labels come after its check.
    """
    if not checked:
        return NextStep.CHECK
    if labelled_share < LABELLED_ENOUGH:
        return NextStep.LABEL
    if training:
        return NextStep.WATCH
    return NextStep.IDENTIFY if trained else NextStep.TRAIN
