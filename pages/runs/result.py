"""Results of a training run: scores of the exported model, and its promotion."""

import pandas as pd
import streamlit as st

from pages.batch.start import NEW_BATCH
from pages.widgets.markdown import literal
from wildcam.data.splits import Subset
from wildcam.errors import WildcamError
from wildcam.predictions.models import OF_RUN
from wildcam.runs.facts import TrainFacts
from wildcam.runs.run import Run
from wildcam.serving.bundle import promote
from wildcam.settings import load_settings


def draw_result(run: Run) -> None:
    if isinstance(run.facts, TrainFacts):
        _draw_scores(run.facts)
    _draw_promotion(run)


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


def _draw_promotion(run: Run) -> None:
    if not (run.bundle_dir / "model.json").exists():
        return
    st.page_link(
        "pages/batch/page.py",
        label="Evaluate on a data set",
        icon=":material/fact_check:",
        query_params={"run": NEW_BATCH, "model": f"{OF_RUN}{run.id}"},
    )
    with st.form("runs_promote", border=True):
        st.markdown("**Promote to the Identify page**")
        name = st.text_input("Model name", value=run.params.get("preset", "model"), key="runs_model_name")
        replace = st.checkbox("Replace an existing model of this name", key="runs_replace")
        if st.form_submit_button("Promote", icon=":material/verified:"):
            try:
                bundle = promote(run.bundle_dir, load_settings().models, name, replace=replace)
                st.success(f"Model {literal(bundle.name)} is promoted.", icon=":material/check:")
                st.page_link("pages/identify/page.py", label="Identify a photo", icon=":material/pets:")
            except WildcamError as error:
                st.error(literal(str(error)))
