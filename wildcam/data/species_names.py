"""Scientific and common names of labels: one table for each data set, from its source or from its user."""

from collections.abc import Iterable
from functools import cached_property
from typing import Self

import pandas as pd
from pydantic import BaseModel, ConfigDict

from wildcam.data.label_words import folded

COLUMNS = ("label", "scientific_name", "common_name")
"""Of the table that a user fills in."""


class SpeciesName(BaseModel):
    """What a label is called; "" where it is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scientific: str = ""
    common: str = ""


class SpeciesNames(BaseModel):
    """Names by label. Case, accents and punctuation of a label do not count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by_label: dict[str, SpeciesName] = {}

    @classmethod
    def of_columns(cls, labels: pd.Series, scientific: pd.Series, common: pd.Series) -> Self:
        """Of three columns of text, row by row: the most frequent names of each label; labels without any are left
        out.
        """
        table = pd.DataFrame({"label": labels, "scientific": scientific, "common": common}).dropna(subset="label")
        names = {}
        for label, rows in table.groupby("label", sort=True, observed=True):
            known = SpeciesName(scientific=_most_frequent(rows["scientific"]), common=_most_frequent(rows["common"]))
            if known != SpeciesName():
                names[str(label)] = known
        return cls(by_label=names)

    def of(self, label: str) -> SpeciesName:
        """The names of a label."""
        return self._folded.get(folded(label), SpeciesName())

    def title(self, label: str) -> str:
        """The common name, then the scientific one; the label stands for the one that is not known."""
        name = self.of(label)
        parts = (name.common or label, name.scientific or label)
        return parts[0] if folded(parts[0]) == folded(parts[1]) else ", ".join(parts)

    def to_table(self, labels: Iterable[str]) -> pd.DataFrame:
        """`COLUMNS`, a row for each of the labels."""
        names = [(label, self.of(label)) for label in labels]
        rows = [(label, name.scientific, name.common) for label, name in names]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def not_among(self, labels: Iterable[str]) -> list[str]:
        """The named labels that are none of these."""
        known = set(map(folded, labels))
        return [label for label in self.by_label if folded(label) not in known]

    @cached_property
    def _folded(self) -> dict[str, SpeciesName]:
        return {folded(label): name for label, name in self.by_label.items()}


def _most_frequent(names: pd.Series) -> str:
    counts = names.dropna().astype("string").str.strip().replace("", pd.NA).value_counts()
    return str(counts.index[0]) if len(counts) else ""
