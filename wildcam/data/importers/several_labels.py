"""Several species of one photo in a table: in several columns, in one cell, or as a flag for empty."""

import re

import numpy as np
import pandas as pd

from wildcam.data.catalog import Mend
from wildcam.data.importers import cleaning
from wildcam.data.importers.contract import Remarks

EMPTY = "empty"
"""The label of a photo whose flag for empty is set."""

YES = r"(?i)^(?:true|1|1\.0|yes|y|x|ja|oui|s[ií]|sim|wahr|vrai)$"

SEPARATED = r"\s*[;|]\s*"
"""No name of a species has one of these in it."""

NAME = r"[\w .'’()?-]+"

PERHAPS = r"\s*[,+&/]\s*|\s+(?:and|und|et|y|e|i|och|en)\s+"
"""These tell two labels apart where each of them is also a label by itself: "fox, red" is one."""


def with_flag(labels: pd.Series, flags: pd.Series | None, remarks: Remarks, paths: pd.Series) -> pd.Series:
    """The labels, `empty` where none is given and the flag for empty is set."""
    if flags is None:
        return labels
    is_set = flags.astype("string").str.strip().str.fullmatch(YES).fillna(False).astype(bool)
    remarks.note("photo marked as empty that also has a label: the label counts", is_set & labels.notna(), paths)
    return labels.mask(is_set & labels.isna(), EMPTY)


def of_flags(table: pd.DataFrame, names: list[str], remarks: Remarks, paths: pd.Series) -> pd.Series:
    """The names of the columns whose flag is set, joined by `;`, as a cell with several labels has them."""
    labels = pd.Series("", index=table.index, dtype="string")
    for name in names:
        is_set = table[name].astype("string").str.strip().str.fullmatch(YES).fillna(False).astype(bool)
        labels = labels.where(~is_set, labels + ";" + name)
    labels = labels.str.removeprefix(";")
    shown = ", ".join(names)
    remarks.note(f"label from the columns that hold yes or no: {shown}", labels != "", paths, Mend.SOURCE)
    return labels.mask(labels == "")


def first_and_more(labels: pd.Series, remarks: Remarks) -> tuple[pd.Series, pd.Series, pd.Series]:
    """First, second and third label of cells that may name several, as `fox; badger` does."""
    codes, names = pd.factorize(labels)
    alone = set(names)
    parts = [_parts(str(name), alone) for name in names]
    columns = []
    for position in range(3):
        of_name = pd.array([one[position] if len(one) > position else pd.NA for one in parts], dtype="string")
        columns.append(pd.Series(of_name.take(codes, allow_fill=True), index=labels.index))
    several = pd.Series(np.array([len(one) > 1 for one in parts], dtype=bool)[codes] if len(parts) else False)
    several = pd.Series(several.to_numpy() & (codes >= 0), index=labels.index) if len(parts) else labels.notna() & False
    remarks.note(
        "cell with several labels: the first counts, the second is kept beside it", several, labels, Mend.SECOND_LABEL
    )
    first, second, third = columns
    return first, second, third


def _parts(name: str, alone: set[str]) -> list[str]:
    parts = _split(SEPARATED, name)
    if len(parts) > 1 and all(re.fullmatch(NAME, part) for part in parts):
        return parts
    likely = _split(PERHAPS, name)
    return likely if len(likely) > 1 and all(part in alone for part in likely) else [name]


def _split(pattern: str, name: str) -> list[str]:
    return list(dict.fromkeys(filter(None, map(str.strip, re.split(pattern, name)))))


def label_rows(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Row and label of every label in the columns `label`, `second_label` and `third_label`, the first ones first."""
    names = [name for name in ("label", "second_label", "third_label") if name in table]
    labels = pd.concat([table[name] for name in names], ignore_index=True)
    rows = pd.Series(np.tile(np.arange(len(table)), len(names)))
    given = labels.notna()
    return rows[given].reset_index(drop=True), cleaning.text(labels[given])
