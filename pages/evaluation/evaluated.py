"""What the parts of the Evaluation page share."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from wildcam.data.catalog import Dataset
from wildcam.evaluation.bootstrap import ConfidenceInterval
from wildcam.evaluation.summary import Unit
from wildcam.predictions.batches import Batch


@dataclass(frozen=True)
class Evaluated:
    """A batch with the ground truth of its images."""

    batch: Batch
    dataset: Dataset
    unit: Unit
    version: str  # changes with predictions, labels and unit
    scored: pd.DataFrame  # ground_truth.SCORED_COLUMNS; one for all sessions, read only

    @property
    def units(self) -> str:
        """What was evaluated, in the plural."""
        return self.unit.plural

    def file(self, what: str) -> str:
        """The name of a download."""
        return f"{self.batch.run.name}-{what}"


def share_column(title: str) -> ColumnConfig:
    """A column of shares."""
    return st.column_config.NumberColumn(title, format="percent")


def draw_score(title: str, score: ConfidenceInterval | float | None, *, help: str | None = None) -> None:
    """A share, with its 95 % CI where it has one; nothing where it does not apply."""
    if isinstance(score, ConfidenceInterval):
        interval = f"95 % CI {score.low:.1%} to {score.high:.1%}"
        st.metric(
            title,
            f"{score.value:.1%}",
            interval,
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
            help=help,
        )
    elif score is not None:
        st.metric(title, f"{score:.1%}", border=True, height="stretch", help=help)
