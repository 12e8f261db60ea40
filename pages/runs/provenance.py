"""Provenance of a run: its parameters, its facts by kind of run, its environment, its files."""

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.widgets.markdown import literal
from pages.widgets.visitor_paths import visitor_roots
from wildcam.data.splits import Subset
from wildcam.quality.findings import Finding
from wildcam.runs.facts import CheckFacts, LRFinderFacts, PredictFacts, TrainFacts
from wildcam.runs.run import Run
from wildcam.training.left_out import describe_left_out


def draw_provenance(run: Run) -> None:
    with st.expander("Provenance", icon=":material/inventory_2:"):
        match run.facts:
            case TrainFacts() as facts:
                recipe, split, environment, files = st.tabs(["Recipe", "Split", "Environment", "Files"])
                with split:
                    _draw_split(run, facts)
                with environment:
                    _draw_values(facts.environment, "Recorded when the run starts.")
            case CheckFacts() as facts:
                recipe, results, files = st.tabs(["Parameters", "Results", "Files"])
                counts: dict[str, float | None] = {"Photos": facts.images, "Files measured": facts.measured}
                findings = {Finding(name).display: count for name, count in facts.findings.items()}
                with results:
                    _draw_values(_known(counts | findings), "Recorded when the check finishes.")
            case PredictFacts() as facts:
                recipe, results, files = st.tabs(["Parameters", "Results", "Files"])
                counts = {"Photos": facts.images, "Unreadable": facts.failed}
                scores = {"Accuracy": facts.accuracy, "Macro-F1": facts.macro_f1}
                with results:
                    _draw_values(_known(counts | scores | facts.labels), "Recorded when the batch finishes.")
            case LRFinderFacts() as facts:
                recipe, results, files = st.tabs(["Recipe", "Results", "Files"])
                found = {"Suggested": facts.suggested_learning_rate, "Seconds per step": facts.seconds_per_step}
                with results:
                    _draw_values(_known(found), facts.learning_rate_note or "Recorded when the finder finishes.")
        with recipe:
            _draw_values(run.params, "No parameters.")
            st.download_button(
                "Download as JSON",
                json.dumps(run.params, indent=2),
                f"{run.id[:8]}.json",
                key="runs_recipe",
                on_click="ignore",
            )
        with files:
            _draw_files(run.folder)


def _known(values: Mapping[str, float | None]) -> dict[str, str]:
    return {
        name: f"{value:,}" if isinstance(value, int) else f"{value:.3g}"
        for name, value in values.items()
        if value is not None
    }


def _draw_values(values: Mapping[str, str], empty: str) -> None:
    if values:
        st.dataframe(pd.DataFrame(values.items(), columns=["Field", "Value"]), hide_index=True)
    else:
        st.caption(literal(empty))


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
    st.text(f"Folder on the server: {visitor_roots().shown(folder)}")
    st.dataframe(
        pd.DataFrame(sizes, columns=["File", "MB"]),
        hide_index=True,
        column_config={"MB": st.column_config.NumberColumn(format="%.2f")},
    )
