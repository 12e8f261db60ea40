"""Several labels of one image: which counts, and which is kept beside it."""

import numpy as np
import pandas as pd

from wildcam.data.catalog import Mend
from wildcam.data.importers.contract import Remarks
from wildcam.data.labels import LabelRole, role_by_name


def labels_of_images(
    rows: np.ndarray, labels: pd.Series, images: pd.Series, remarks: Remarks
) -> tuple[pd.DataFrame, np.ndarray]:
    """Columns `label` and `second_label`, a row an image, and the position of the label that counts (-1: none).

    The first label counts, and the first that disagrees is kept. One that says that nothing is there counts only where
    no other says more: an image labelled empty and as an animal shows the animal.

    `rows`: int, (A,), the image of each label; `labels`: text, (A,); `images`: what remarks name, (N,).
    """
    codes, written = pd.factorize(labels)
    spellings, names = pd.factorize(np.array([str(name).strip().casefold() for name in written], dtype=object))
    codes = spellings[codes] if len(codes) else codes
    is_empty = np.array([role_by_name(str(name)) is LabelRole.EMPTY for name in names], dtype=bool)
    empty = is_empty[codes]
    first = first_position(rows[~empty], np.flatnonzero(~empty), len(images))
    blank = first_position(rows[empty], np.flatnonzero(empty), len(images))
    both = (first >= 0) & (blank >= 0)
    counts = np.where(first >= 0, first, blank)
    others = np.flatnonzero((codes != codes[counts[rows]]) & ~empty)
    second = first_position(rows[others], others, len(images))
    table = pd.DataFrame({"label": take(labels, counts), "second_label": take(labels, second)})
    remarks.note("photo labelled empty and as something else: not empty", pd.Series(both), images)
    remarks.note(
        "photo with a second label: kept in addition to the first",
        table["second_label"].notna(),
        images,
        Mend.SECOND_LABEL,
    )
    third = others[codes[others] != codes[second[rows[others]]]]
    more = pd.Series(np.isin(np.arange(len(images)), rows[third]))
    remarks.note("photo with more than two labels: the first two are kept", more, images)
    return table, counts


def note_labels_of_sequences(index: pd.DataFrame, remarks: Remarks) -> None:
    """What a label of a whole burst means for its photos."""
    of_sequence = index["label_of_sequence"].fillna(False).astype(bool)
    remarks.note(
        "label of a whole burst (sequence): not every photo of it shows the animal; evaluate by burst",
        of_sequence & index["label"].notna(),
        index["path"],
    )


def take(values: pd.Series, positions: np.ndarray) -> pd.Series:
    """The values at the positions; missing where a position is -1."""
    return pd.Series(values.array.take(positions, allow_fill=True))


def first_position(rows: np.ndarray, positions: np.ndarray, length: int) -> np.ndarray:
    """For every image the first of the positions that are its own; -1 for none. int, (length,)"""
    found = np.full(length, -1)
    found[rows[::-1]] = positions[::-1]  # the last assignment wins, so the first position does
    return found
