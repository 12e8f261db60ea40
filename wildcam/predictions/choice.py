"""Which rows of a table of predictions a person wants to see, and in which order."""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from wildcam.serving.two_stage import FAILED


class Order(StrEnum):
    """What comes first."""

    LEAST_SURE = "Least sure first"
    SUREST = "Surest first"
    AS_THEY_CAME = "As they came"


@dataclass(frozen=True)
class Chosen:
    """By verdict, by what the data set says, and by confidence, 0–1; nothing named is everything."""

    labels: tuple[str, ...] = ()
    truth: str = ""
    least: float = 0.0
    most: float = 1.0

    def of(self, table: pd.DataFrame, order: Order) -> pd.DataFrame:
        """The rows, of a table with `label`, `confidence` and `truth`. What failed is not unsure: it comes last."""
        rows = table[table["label"].isin(self.labels)] if self.labels else table
        if self.truth:
            rows = rows[rows["truth"] == self.truth]
        rows = rows[rows["confidence"].between(self.least, self.most)]
        if order is Order.AS_THEY_CAME:
            return rows
        rows = rows.sort_values("confidence", ascending=order is Order.LEAST_SURE, kind="stable")
        return rows.sort_values("label", key=lambda labels: labels == FAILED, kind="stable")
