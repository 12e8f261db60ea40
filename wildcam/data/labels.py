"""Which labels mean an empty frame, which an animal, and which neither."""

from collections.abc import Iterable
from typing import Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from wildcam.changed import changed
from wildcam.choice import Choice
from wildcam.data.label_words import Meaning, meaning_of
from wildcam.errors import UsageError

POLICY_COLUMNS = (
    "label",  # as the source says
    "images",
    "role",  # LabelRole; that of the label that it counts as
    "counts_as",  # another label, missing = itself
    "takes_second",  # whether an image of this label that has a second one counts as the second
)
"""Columns of a policy as a table."""


class LabelRole(Choice):
    """What a label is for the two stages: `other` (people, vehicles, misfires) takes part in neither."""

    EMPTY = "empty", "Empty"
    ANIMAL = "animal", "Animal"
    OTHER = "other", "Other"


def role_by_name(label: str) -> LabelRole:
    """The role that a label's own words give it: of an animal where they name nothing else."""
    meaning = meaning_of(label)
    if meaning is Meaning.EMPTY:
        return LabelRole.EMPTY
    return LabelRole.ANIMAL if meaning in (None, Meaning.ANIMAL) else LabelRole.OTHER


class LabelPolicy(BaseModel):
    """How a data set reads its labels. The source is never rewritten, so the policy can be changed at any time.

    `merged` maps a label to the one that it counts as (two spellings of one species). `takes_second`: labels of the
    source that give way where an image has a second one, as "human" does of a photo of a herder with cattle.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    empty: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    merged: dict[str, str] = {}
    takes_second: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _merge_once(self) -> Self:
        for label, meant in self.merged.items():
            if label == meant or meant in self.merged:
                raise ValueError(
                    f"{label!r} counts as {meant!r}, which itself counts as {self.merged[meant]!r}: "
                    "choose the final label."
                )
        return self

    @classmethod
    def suggest(cls, labels: Iterable[str]) -> "LabelPolicy":
        """A first policy, by the names that camera-trap data sets use."""
        names = sorted({str(label) for label in labels})
        return cls(
            empty=tuple(name for name in names if role_by_name(name) is LabelRole.EMPTY),
            other=tuple(name for name in names if role_by_name(name) is LabelRole.OTHER),
        )

    @classmethod
    def of_table(cls, table: pd.DataFrame) -> "LabelPolicy":
        """The policy of a table, `POLICY_COLUMNS`. Raises `UsageError` where it contradicts itself."""
        meant = table["counts_as"].where(table["counts_as"].notna() & (table["counts_as"] != table["label"]))
        own = table[meant.isna()]
        try:
            return cls(
                empty=tuple(own.loc[own["role"] == LabelRole.EMPTY, "label"]),
                other=tuple(own.loc[own["role"] == LabelRole.OTHER, "label"]),
                merged=dict(zip(table["label"][meant.notna()], meant.dropna(), strict=True)),
                takes_second=tuple(table.loc[table["takes_second"].astype(bool), "label"]),
            )
        except ValidationError as error:
            raise UsageError.of(error) from error

    def with_merge(self, label: str, meant: str) -> "LabelPolicy":
        """The policy in which a label counts as another, and with it what counted as the label so far."""
        meant = self.merged.get(meant, meant)
        if meant == label:
            raise UsageError(f"{label!r} cannot count as itself: choose another label.")
        merged = {old: meant if new == label else new for old, new in self.merged.items()} | {label: meant}
        return changed(self._without(label), merged=merged)

    def with_role(self, label: str, role: LabelRole) -> "LabelPolicy":
        """The policy in which a label counts as itself and has this role."""
        merged = {old: new for old, new in self.merged.items() if old != label}
        own = changed(self._without(label), merged=merged)
        if role is LabelRole.ANIMAL:
            return own
        return changed(own, **{role.value: (*getattr(own, role.value), label)})

    def with_second(self, label: str, *, taken: bool) -> "LabelPolicy":
        """The policy in which the second label counts of images that have this one first, or no longer does."""
        others = tuple(name for name in self.takes_second if name != label)
        return changed(self, takes_second=(*others, label) if taken else others)

    def _without(self, label: str) -> "LabelPolicy":
        """The policy in which the label has no role of its own."""
        roles = {role: tuple(name for name in getattr(self, role) if name != label) for role in ("empty", "other")}
        return changed(self, **roles)

    def to_table(self, images: pd.Series) -> pd.DataFrame:
        """The role of every source label, `POLICY_COLUMNS`. `images`: how many each label (the index) has."""
        labels = images.sort_values(ascending=False, kind="stable")
        roles = [str(self.role(label)) for label in labels.index]
        meant = [self.merged.get(label) for label in labels.index]
        second = [label in self.takes_second for label in labels.index]
        columns = (labels.index, labels.to_numpy(), roles, meant, second)
        return pd.DataFrame(dict(zip(POLICY_COLUMNS, columns, strict=True))).astype(
            {"counts_as": "object", "takes_second": bool}  # also where there is no row
        )

    def role(self, label: str) -> LabelRole:
        """The role of one label, after merging."""
        label = self.merged.get(label, label)
        if label in self.empty:
            return LabelRole.EMPTY
        return LabelRole.OTHER if label in self.other else LabelRole.ANIMAL

    def in_order(self, labels: pd.DataFrame) -> pd.DataFrame:
        """Columns `label` and `second_label` of the source, exchanged where the second is the one that counts."""
        label, second = (labels[name].astype(object) for name in ("label", "second_label"))
        gives_way = label.isin(self.takes_second) & second.notna()
        ordered = pd.DataFrame({"label": second, "second_label": label}).where(gives_way, labels.astype(object))
        return ordered.astype("category")

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
