"""Published figures on this data, and what each may be held against."""

import pandas as pd

ROWS = (
    (
        "WILDS, ResNet-50, 448 px, cameras never seen",
        "macro-F1",
        0.310,
        "WILDS's own split, its test side; mean of 3 seeds",
    ),
    (
        "WILDS, ResNet-50, 448 px, cameras never seen",
        "accuracy",
        0.716,
        "WILDS's own split, its test side; mean of 3 seeds",
    ),
    ("WILDS, ResNet-50, 448 px, same cameras", "macro-F1", 0.470, "WILDS's own split, `id_test`; mean of 3 seeds"),
    ("WILDS, ResNet-50, 448 px, same cameras", "accuracy", 0.757, "WILDS's own split, `id_test`; mean of 3 seeds"),
    (
        "iWildCam 2020, third place, ResNet-50 on detector crops",
        "accuracy",
        0.835,
        "the competition's test photos",
    ),
    ("iWildCam 2020, gold", "accuracy", 0.778, "the competition's test photos"),
    ("iWildCam 2020, median", "accuracy", 0.524, "the competition's test photos"),
    ("iWildCam 2020, always empty", "accuracy", 0.395, "the competition's test photos"),
)
"""What, which score, its value (0–1), and on which images: Koh et al. 2021 (arXiv:2012.07421) and the competition's board."""


def published() -> pd.DataFrame:
    """`what, score, value, images`."""
    return pd.DataFrame(ROWS, columns=["what", "score", "value", "images"])


def comparable(format: str, subset: str, split: str) -> str:
    """Which of the figures a result on a data set of this format may be held against, in a sentence."""
    if format == "wilds" and split == "given" and subset in ("test", "id_val"):
        return "WILDS's figures were measured on the same side of the same split, with larger photos (448 px)."
    if format == "iwildcam2020":
        return (
            "None of these is directly comparable: the competition's test labels are not public, and WILDS dealt the cameras in another "
            "way. WILDS's figure for cameras never seen is the nearest."
        )
    return "None of these was measured on these photos: they only say what has been reached on similar ones."
