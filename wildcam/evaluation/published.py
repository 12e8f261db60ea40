"""Published figures on this data, and what each can be compared with."""

import pandas as pd

_WILDS_TEST = "WILDS's own split, its test subset; mean of 3 seeds"
_WILDS_ID_TEST = "WILDS's own split, `id_test`; mean of 3 seeds"
_COMPETITION = "the competition's test photos"

ROWS = (
    ("WILDS, ResNet-50, 448 px, new locations", "macro-F1", 0.310, _WILDS_TEST),
    ("WILDS, ResNet-50, 448 px, new locations", "accuracy", 0.716, _WILDS_TEST),
    ("WILDS, ResNet-50, 448 px, same locations", "macro-F1", 0.470, _WILDS_ID_TEST),
    ("WILDS, ResNet-50, 448 px, same locations", "accuracy", 0.757, _WILDS_ID_TEST),
    ("iWildCam 2020, third place, ResNet-50 on detector crops", "accuracy", 0.835, _COMPETITION),
    ("iWildCam 2020, gold", "accuracy", 0.778, _COMPETITION),
    ("iWildCam 2020, median", "accuracy", 0.524, _COMPETITION),
    ("iWildCam 2020, always empty", "accuracy", 0.395, _COMPETITION),
)
"""What, which score, its value (0–1), on which images: Koh et al. 2021 (arXiv:2012.07421), the competition's board."""


def published() -> pd.DataFrame:
    """`what, score, value, images`."""
    return pd.DataFrame(ROWS, columns=["what", "score", "value", "images"])


def comparable(format: str, subset: str, split: str) -> str:
    """Which of the figures a result on a data set of this format can be compared with, in a sentence."""
    if format == "wilds" and split == "given" and subset in ("test", "id_val"):
        return "The WILDS figures were measured on the same subset of the same split, with larger photos (448 px)."
    if format == "iwildcam2020":
        return (
            "None of these is directly comparable: the competition's test labels are not public, and WILDS split the "
            "locations differently. The WILDS figure for new locations is the closest."
        )
    return "None of these was measured on these photos: they only show what has been reached on similar data."
