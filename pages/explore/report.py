"""Explore, import report: the source of the data set, and the importer's remarks."""

import pandas as pd
import streamlit as st

from pages.widgets.chart import draw_download
from pages.widgets.facts import draw_facts
from pages.widgets.remarks import draw_mendable
from pages.widgets.visitor_paths import visitor_roots
from wildcam.data.catalog import Dataset
from wildcam.data.importers import IMPORTERS


def draw_report(dataset: Dataset) -> None:
    _draw_remarks(dataset)
    _draw_source(dataset)


def _draw_remarks(dataset: Dataset) -> None:
    info = dataset.info
    st.subheader("Importer's remarks")
    if not info.warnings:
        st.success("None: every row of the source was used as it is.", icon=":material/check:")
        return
    draw_mendable(dataset, info.warnings)
    remarks = pd.DataFrame([remark.model_dump() for remark in info.warnings])
    draw_download(remarks, key="explore_remarks", name=f"{info.name}-remarks")


def _draw_source(dataset: Dataset) -> None:
    info = dataset.info
    st.subheader("Source")
    facts = {
        "Source": visitor_roots().shown(info.source),
        "Format": IMPORTERS[info.format].title if info.format in IMPORTERS else info.format,
        "Folder of the photos": visitor_roots().shown(info.root),
        "Imported": f"{info.imported_at:%Y-%m-%d %H:%M} UTC",
        "Files last checked": f"{info.checked_at:%Y-%m-%d %H:%M} UTC" if info.checked_at else "never",
        "Fingerprint": dataset.fingerprint,
    }
    draw_facts(facts)
    if not info.checked_at:
        st.caption(
            "The import only tests whether files exist. A check, under Quality, decodes every file and finds damaged "
            "ones."
        )
