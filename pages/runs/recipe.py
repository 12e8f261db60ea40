"""What a run was started with: its parameters; of a training also its split and environment."""

import json

import pandas as pd
import streamlit as st

from pages.runs.values import draw_values
from pages.widgets.damage import damage_shown
from pages.widgets.markdown import literal
from wildcam.data.splits import Subset
from wildcam.runs.facts import TrainFacts
from wildcam.runs.run import Run
from wildcam.spreadsheet import to_csv
from wildcam.stored import check_stored_table
from wildcam.training.left_out import describe_left_out


def draw_recipe(run: Run) -> None:
    draw_values(run.params, "No parameters.")
    st.download_button(
        "Download as JSON",
        json.dumps(run.params, indent=2),
        f"{run.id[:8]}.json",
        key="runs_recipe",
        on_click="ignore",
    )
    if isinstance(run.facts, TrainFacts):
        st.subheader("Split", anchor=False)
        with damage_shown():
            _draw_split(run, run.facts)
        st.subheader("Environment", anchor=False)
        draw_values(run.facts.environment, "Recorded when the run starts.")


def _draw_split(run: Run, facts: TrainFacts) -> None:
    if not facts.images:
        st.caption("The split is made when the run starts.")
        return
    rows = [(subset.display, facts.images.get(subset, 0)) for subset in Subset]
    st.dataframe(pd.DataFrame(rows, columns=["Subset", "Photos"]), hide_index=True)
    st.caption(f"Split fingerprint {facts.split_fingerprint[:12]}: runs with the same fingerprint share the split.")
    if facts.left_out:
        st.caption(literal(describe_left_out(sum(facts.images.values()), facts.left_out)))
    for warning in facts.warnings:
        st.caption(f":material/warning: {literal(warning)}")
    path = run.folder / "split.parquet"
    if path.exists():
        check_stored_table(path, "The split cannot be downloaded; the model, the scores and the curves are whole.")
        st.download_button(
            "Download the split",
            lambda: to_csv(pd.read_parquet(path)),
            f"{run.id[:8]}-split.csv",
            "text/csv",
            key="runs_split",
            on_click="ignore",
        )
