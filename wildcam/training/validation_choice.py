"""Which subset early stopping and the best epoch go by, and whether it can carry such a choice."""

import pandas as pd

from wildcam.counting import counted
from wildcam.data.splits import Subset

LEAST_PHOTOS = 10
"""Fewer validation photos than this make every epoch look like another by chance."""

LEAST_CLASSES = 2
"""With one class, a model that always answers it is the best."""


def choose_validation(rows: pd.DataFrame) -> tuple[Subset, tuple[str, ...]]:
    """The subset, and warnings in sentences. `rows`: `subset` and `target` of the images whose class is known.

    New locations first; where these are too few, or of one class, the training locations on other days.
    """
    found = {subset: rows.loc[rows["subset"] == subset, "target"] for subset in (Subset.VAL, Subset.ID_VAL)}
    present = [subset for subset, targets in found.items() if len(targets)]
    if not present:
        return Subset.VAL, ()
    fit = [subset for subset in present if is_enough(found[subset])]
    if not fit:
        first = present[0]
        return first, (
            f"{_count(first, found[first])}: too few to choose the best epoch by. Choose another split, split seed or "
            "validation share.",
        )
    if fit[0] is not present[0]:
        weak = present[0]
        return fit[0], (
            f"{_count(weak, found[weak])}: too few to choose the best epoch by. It is chosen on {fit[0].display} "
            f"instead ({counted(len(found[fit[0]]), 'photo')}); scores there are higher "
            "than at new locations.",
        )
    return fit[0], ()


def is_enough(targets: pd.Series) -> bool:
    """Whether a best epoch can be chosen on images with these classes."""
    return len(targets) >= LEAST_PHOTOS and targets.nunique() >= LEAST_CLASSES


def _count(subset: Subset, targets: pd.Series) -> str:
    return f"{subset.display} has {counted(len(targets), 'photo')} of {counted(targets.nunique(), 'class')}"
