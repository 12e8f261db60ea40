"""The files of a run: its log, live, and what lies in its folder."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.runs.live import draw_live
from pages.widgets.visitor_paths import visitor_roots
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore


def draw_files(store: RunStore, run: Run) -> None:
    st.subheader("Log", anchor=False)
    draw_live(store, run, _draw_log)
    st.subheader("Folder", anchor=False)
    _draw_folder(run.folder)


def _draw_log(run: Run) -> None:
    st.code(run.log_tail() or "The log is empty.", language=None, height=320, wrap_lines=True)
    if run.log_path.exists():
        st.download_button("Download the log", run.log_path.read_bytes, "worker.log", key="runs_log", on_click="ignore")


def _draw_folder(folder: Path) -> None:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    sizes = [(str(path.relative_to(folder)), path.stat().st_size / 1e6) for path in paths]
    st.text(f"Folder on the server: {visitor_roots().shown(folder)}")
    st.dataframe(
        pd.DataFrame(sizes, columns=["File", "MB"]),
        hide_index=True,
        column_config={"MB": st.column_config.NumberColumn(format="%.2f")},
    )
