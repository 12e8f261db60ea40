"""Filter and order of a table of predictions."""

from dataclasses import dataclass

import pandas as pd

from wildcam.choice import Choice
from wildcam.serving.two_stage import FAILED


class SortOrder(Choice):
    """The order of the rows."""

    LEAST_CONFIDENT = "least_confident", "least confident first"
    MOST_CONFIDENT = "most_confident", "most confident first"
    ORIGINAL = "original", "order of the source"


@dataclass(frozen=True)
class PredictionFilter:
    """By verdict, ground truth and confidence, 0–1; a default keeps every row."""

    labels: tuple[str, ...] = ()
    ground_truth: str = ""
    min_confidence: float = 0.0
    max_confidence: float = 1.0

    def apply(self, table: pd.DataFrame, order: SortOrder) -> pd.DataFrame:
        """The rows of a table with `label`, `confidence`, `ground_truth`; by confidence, failed rows come last."""
        rows = table[table["label"].isin(self.labels)] if self.labels else table
        if self.ground_truth:
            rows = rows[rows["ground_truth"] == self.ground_truth]
        rows = rows[rows["confidence"].between(self.min_confidence, self.max_confidence)]
        if order is SortOrder.ORIGINAL:
            return rows
        rows = rows.sort_values("confidence", ascending=order is SortOrder.LEAST_CONFIDENT, kind="stable")
        return rows.sort_values("label", key=lambda labels: labels == FAILED, kind="stable")
