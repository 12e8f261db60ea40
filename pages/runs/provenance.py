"""What a run was asked for, on which images, with what, and which files it left."""

import json
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.widgets.markdown import literal
from wildcam.charts.splits import SUBSET_TITLES
from wildcam.runs.run import Run


def draw_provenance(run: Run) -> None:
    with st.expander("Recipe, split, environment, files", icon=":material/inventory_2:"):
        recipe, split, environment, files = st.tabs(["Recipe", "Split", "Environment", "Files"])
        with recipe:
            _draw_values(run.params)
            st.download_button(
                "Download the recipe",
                json.dumps(run.params, indent=2),
                f"{run.id[:8]}.json",
                key="runs_recipe",
                on_click="ignore",
            )
        with split:
            _draw_split(run)
        with environment:
            _draw_values(json.loads(run.tags.get("environment", "{}")))
        with files:
            _draw_files(run.folder)


def _draw_values(values: dict[str, str]) -> None:
    if values:
        st.dataframe(pd.DataFrame(values.items(), columns=["Field", "Value"]), hide_index=True)
    else:
        st.caption("It is written down when the run begins.")


def _draw_split(run: Run) -> None:
    images = json.loads(run.tags.get("images", "{}"))
    if not images:
        st.caption("Photos are dealt to their sides when the run begins.")
        return
    rows = [(words, images.get(subset, 0)) for subset, words in SUBSET_TITLES.items()]
    st.dataframe(pd.DataFrame(rows, columns=["Side", "Photos"]), hide_index=True)
    st.caption(
        f"Fingerprint {run.tags.get('split_fingerprint', '')[:12]}: runs that share it were dealt the same sides."
    )
    for warning in filter(None, run.tags.get("warnings", "").split("\n")):
        st.caption(f":material/warning: {literal(warning)}")
    path = run.folder / "split.parquet"
    if path.exists():
        st.download_button(
            "Download the split",
            lambda: pd.read_parquet(path).to_csv(index=False),
            f"{run.id[:8]}-split.csv",
            "text/csv",
            key="runs_split",
            on_click="ignore",
        )


def _draw_files(folder: Path) -> None:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    sizes = [(str(path.relative_to(folder)), path.stat().st_size / 1e6) for path in paths]
    st.text(f"In {folder} on the server:")
    st.dataframe(
        pd.DataFrame(sizes, columns=["File", "MB"]),
        hide_index=True,
        column_config={"MB": st.column_config.NumberColumn(format="%.2f")},
    )
