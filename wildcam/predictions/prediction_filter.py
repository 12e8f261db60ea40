"""Which rows of a table of predictions a person wants to see, and in which order."""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from wildcam.serving.two_stage import FAILED


class SortOrder(StrEnum):
    """What comes first."""

    LEAST_CONFIDENT = "Least sure first"
    MOST_CONFIDENT = "Surest first"
    AS_THEY_CAME = "As they came"


@dataclass(frozen=True)
class PredictionFilter:
    """By verdict, by what the data set says, and by confidence, 0–1; nothing named is everything."""

    labels: tuple[str, ...] = ()
    ground_truth: str = ""
    least: float = 0.0
    most: float = 1.0

    def of(self, table: pd.DataFrame, order: SortOrder) -> pd.DataFrame:
        """The rows, of a table with `label`, `confidence` and `truth`. What failed is not unsure: it comes last."""
        rows = table[table["label"].isin(self.labels)] if self.labels else table
        if self.ground_truth:
            rows = rows[rows["ground_truth"] == self.ground_truth]
        rows = rows[rows["confidence"].between(self.least, self.most)]
        if order is SortOrder.AS_THEY_CAME:
            return rows
        rows = rows.sort_values("confidence", ascending=order is SortOrder.LEAST_CONFIDENT, kind="stable")
        return rows.sort_values("label", key=lambda labels: labels == FAILED, kind="stable")
