"""What the parts of "Against the truth" share."""

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
    """A batch whose answers were held against the labels of its data set."""

    batch: Batch
    dataset: Dataset
    unit: Unit
    version: str  # another one where answers, labels or unit are others
    scored: pd.DataFrame  # evaluation.truth.JUDGED_COLUMNS; one for all sessions, read only

    @property
    def things(self) -> str:
        """What was judged, in the plural."""
        return f"{self.unit}s"

    def file(self, what: str) -> str:
        """What a download is called."""
        return f"{self.batch.run.name}-{what}"


def share_column(title: str) -> ColumnConfig:
    """A column of shares."""
    return st.column_config.NumberColumn(title, format="percent")


def draw_figure(title: str, figure: ConfidenceInterval | float | None, *, help: str | None = None) -> None:
    """A share, with the range that the draws of cameras gave where there is one; nothing where it has no meaning here."""
    if isinstance(figure, ConfidenceInterval):
        ranges = f"{figure.low:.1%} to {figure.high:.1%}"
        st.metric(title, f"{figure.value:.1%}", ranges, delta_color="off", delta_arrow="off", border=True, help=help)
    elif figure is not None:
        st.metric(title, f"{figure:.1%}", border=True, help=help)
