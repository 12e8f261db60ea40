"""Which labels are empty frames, which are animals, which are neither."""

from collections.abc import Iterable
from enum import StrEnum

import pandas as pd
from pydantic import BaseModel, ConfigDict

EMPTY_NAMES = ("empty", "blank", "nothing", "none", "no animal", "false trigger")
OTHER_NAMES = (
    "human", "homo sapiens", "person", "people", "vehicle", "car", "truck", "motorcycle", "bicycle",
    "misfire", "start", "end", "setup", "calibration", "corrupt", "unknown", "unidentified", "unidentifiable",
)  # fmt: skip


class LabelRole(StrEnum):
    """What a label is for the two stages: `other` takes part in neither."""

    EMPTY = "empty"
    ANIMAL = "animal"
    OTHER = "other"


class LabelPolicy(BaseModel):
    """A data set's reading of its labels. The source is never rewritten; changing the policy is free.

    `merged` maps a label to the one that it counts as (two spellings of one species).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    empty: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    merged: dict[str, str] = {}

    @classmethod
    def suggest(cls, labels: Iterable[str]) -> "LabelPolicy":
        """A first reading by the names that camera-trap data sets use."""
        names = sorted({str(label) for label in labels})
        return cls(
            empty=tuple(name for name in names if name.strip().lower() in EMPTY_NAMES),
            other=tuple(name for name in names if name.strip().lower() in OTHER_NAMES),
        )

    def role(self, label: str) -> LabelRole:
        """The role of one label, after merging."""
        label = self.merged.get(label, label)
        if label in self.empty:
            return LabelRole.EMPTY
        return LabelRole.OTHER if label in self.other else LabelRole.ANIMAL

    def read(self, labels: pd.Series) -> pd.DataFrame:
        """Columns `label` (merged) and `role` for a column of source labels; missing stays missing."""
        codes, names = pd.factorize(labels, use_na_sentinel=True)
        merged = pd.Series([self.merged.get(name, name) for name in names], dtype="object")
        roles = pd.Series([str(self.role(name)) for name in names], dtype="object")
        return pd.DataFrame(
            {
                "label": pd.Categorical(merged.reindex(codes).to_numpy(), categories=sorted(set(merged))),
                "role": pd.Categorical(roles.reindex(codes).to_numpy(), categories=list(map(str, LabelRole))),
            },
            index=labels.index,
        )
