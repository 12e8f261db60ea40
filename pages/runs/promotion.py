"""A run's model for identification: promoted under a name, and made the default beside the present one's scores."""

import pandas as pd
import streamlit as st

from pages.batch.start import NEW_BATCH
from pages.widgets.attempt import attempt
from pages.widgets.markdown import literal
from wildcam.architectures.presets import Task
from wildcam.data.splits import Subset
from wildcam.errors import WildcamError
from wildcam.predictions.models import OF_RUN
from wildcam.runs.run import Run
from wildcam.serving.bundle import Bundle, default_of, list_bundles, promote, set_default
from wildcam.serving.card import METRIC_TITLES
from wildcam.settings import load_settings

SHOWN = ("accuracy", "majority_class_accuracy", "macro_f1")


def draw_promotion(run: Run) -> None:
    if not (run.bundle_dir / "model.json").exists():
        return
    st.page_link(
        "pages/batch/page.py",
        label="Evaluate on a data set",
        icon=":material/fact_check:",
        query_params={"run": NEW_BATCH, "model": f"{OF_RUN}{run.id}"},
    )
    model_dirs = load_settings().model_dirs
    with st.form("runs_promote", border=True):
        st.markdown("**Promote to the Identify page**")
        st.caption("A copy of the model under a name. Which models are the default does not change.")
        name = st.text_input("Model name", value=run.params.get("preset", "model"), key="runs_model_name")
        replace = st.checkbox("Replace an existing model of this name", key="runs_replace")
        if st.form_submit_button("Promote", icon=":material/verified:"):
            try:
                bundle = promote(run.bundle_dir, model_dirs, name, replace=replace)
                st.success(f"Model {literal(bundle.name)} is promoted.", icon=":material/check:")
                st.page_link("pages/identify/page.py", label="Identify a photo", icon=":material/pets:")
            except WildcamError as error:
                st.error(literal(str(error)))
    for bundle in list_bundles(model_dirs):
        if bundle.card.run_id == run.id:
            _draw_default(bundle, default_of(model_dirs, bundle.card.task))


def _draw_default(bundle: Bundle, default: Bundle | None) -> None:
    """The model beside the present default of its stage, and a button that makes it the default."""
    stage = "stage 1 (empty or animal)" if bundle.card.task is Task.EMPTY else "stage 2 (species)"
    with st.container(border=True):
        if default is None or default.name == bundle.name:
            st.markdown(f":material/star: **{literal(bundle.name)}** is the default of {stage}.")
            return
        st.markdown(f"**{literal(bundle.name)}** beside **{literal(default.name)}**, the default of {stage}")
        st.dataframe(_beside(bundle, default), hide_index=True, key=f"runs_beside_{bundle.name}")
        if bundle.card.dataset != default.card.dataset:
            st.caption("Their scores come from different data sets: evaluate both on one before you choose.")
        st.button(
            f"Make {literal(bundle.name)} the default",
            icon=":material/star:",
            key=f"runs_default_{bundle.name}",
            on_click=attempt,
            args=(set_default, load_settings().model_dirs, bundle.name),
        )


def _beside(*bundles: Bundle) -> pd.DataFrame:
    """A row for each model and subset that it was evaluated on."""
    rows = []
    for bundle in bundles:
        for subset in Subset:
            scores = {score.metric: score.value for score in bundle.card.scores if score.subset == subset}
            if scores:
                figures = {METRIC_TITLES[name]: f"{scores[name]:.3f}" for name in SHOWN if name in scores}
                title = {"Model": bundle.name, "Data set": bundle.card.dataset, "Subset": subset.display}
                rows.append(title | figures)
    return pd.DataFrame(rows)
