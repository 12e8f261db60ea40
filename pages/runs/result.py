"""What a finished training run left: scores on images that it did not learn from, and a model to use."""

import pandas as pd
import streamlit as st

from pages.batch.start import NEW_BATCH
from pages.widgets.markdown import literal
from wildcam.charts.splits import SUBSET_TITLES
from wildcam.errors import WildcamError
from wildcam.predictions.models import OF_RUN
from wildcam.runs.run import Run
from wildcam.serving.bundle import promote
from wildcam.settings import load_settings


def draw_result(run: Run) -> None:
    _draw_scores(run)
    _draw_promotion(run)


def _draw_scores(run: Run) -> None:
    rows = [
        {
            "Photos": words,
            "Accuracy": run.tags.get(f"{subset}_accuracy"),
            "Floor (always the commonest)": run.tags.get(f"{subset}_floor_accuracy"),
            "Balanced accuracy": run.tags.get(f"{subset}_balanced_accuracy"),
            "Macro-F1": run.tags.get(f"{subset}_macro_f1"),
            "Empty ones found": run.tags.get(f"{subset}_recall_empty"),
            "Animals found": run.tags.get(f"{subset}_recall_animal"),
        }
        for subset, words in SUBSET_TITLES.items()
        if f"{subset}_accuracy" in run.tags
    ]
    if rows:
        st.caption("The exported model, measured on photos that it did not learn from:")
        table = pd.DataFrame(rows).set_index("Photos").astype(float).dropna(axis="columns", how="all")
        st.dataframe(table, column_config={name: st.column_config.NumberColumn(format="%.3f") for name in table})


def _draw_promotion(run: Run) -> None:
    if not (run.bundle_dir / "model.json").exists():
        return
    st.page_link(
        "pages/batch/page.py",
        label="Judge it on a data set",
        icon=":material/fact_check:",
        query_params={"run": NEW_BATCH, "model": f"{OF_RUN}{run.id}"},
    )
    with st.form("runs_promote", border=True):
        st.markdown("**Use this model on the Identify page**")
        name = st.text_input("Name of the model", value=run.params.get("preset", "model"), key="runs_model_name")
        replace = st.checkbox("Replace a model of that name", key="runs_replace")
        if st.form_submit_button("Promote", icon=":material/verified:"):
            try:
                bundle = promote(run.bundle_dir, load_settings().models, name, replace=replace)
                st.success(f"The model {bundle.name} is ready.", icon=":material/check:")
                st.page_link("pages/identify/page.py", label="Try it on a photo", icon=":material/pets:")
            except WildcamError as error:
                st.error(literal(str(error)))
