"""Results of a training run: scores of the exported model."""

import pandas as pd
import streamlit as st

from pages.runs.promotion import draw_promotion
from wildcam.data.splits import Subset
from wildcam.runs.facts import TrainFacts
from wildcam.runs.run import Run


def draw_result(run: Run) -> None:
    if isinstance(run.facts, TrainFacts):
        _draw_scores(run.facts)
    draw_promotion(run)


def _draw_scores(facts: TrainFacts) -> None:
    rows = []
    for subset in Subset:
        if scores := facts.scores.get(subset):
            recall = {f"Recall: {label}": value for label, value in scores.recall.items()}
            row = {
                "Subset": subset.display,
                "Accuracy": scores.accuracy,
                "Majority-class baseline": scores.majority_class_accuracy,
                "Balanced accuracy": scores.balanced_accuracy,
                "Macro-F1": scores.macro_f1,
            }
            rows.append(row | recall)
    if rows:
        st.subheader("Evaluation")
        st.caption("The exported model on photos that were not used for training.")
        table = pd.DataFrame(rows).set_index("Subset").dropna(axis="columns", how="all")
        st.dataframe(table, column_config={name: st.column_config.NumberColumn(format="%.3f") for name in table})
