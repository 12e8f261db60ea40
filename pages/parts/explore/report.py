"""Explore, import report: where the data set comes from, how its labels are read, what the importer mended."""

import streamlit as st

from pages.parts.facts import draw_facts
from wildcam.data.catalog import Dataset, DatasetInfo
from wildcam.data.importers import IMPORTERS
from wildcam.data.labels import LabelPolicy


def draw_report(dataset: Dataset) -> None:
    _draw_remarks(dataset.info)
    _draw_source(dataset.info)
    _draw_labels(dataset.info.labels)


def _draw_remarks(info: DatasetInfo) -> None:
    st.subheader("What the importer noted")
    if not info.warnings:
        st.success("Nothing to note: every row of the source could be used as it is.", icon=":material/check:")
        return
    for remark in info.warnings:
        example = f"\nFor example: {remark.example}" if remark.example else ""
        st.text(f"{remark.count:,} × {remark.what}{example}")


def _draw_source(info: DatasetInfo) -> None:
    st.subheader("Where it comes from")
    facts = {
        "Source": info.source,
        "Format": IMPORTERS[info.format].title if info.format in IMPORTERS else info.format,
        "Folder of the photographs": str(info.root),
        "Imported": f"{info.imported_at:%Y-%m-%d %H:%M} UTC",
        "Files last decoded": f"{info.checked_at:%Y-%m-%d %H:%M} UTC" if info.checked_at else "never",
        "Fingerprint": info.fingerprint,
    }
    draw_facts(facts)
    if not info.checked_at:
        st.caption(
            "The import looks whether files are there. This decodes each of them and finds those that are damaged:"
        )
        st.code(f"python -m wildcam data check {info.name}", language="shell")


def _draw_labels(labels: LabelPolicy) -> None:
    st.subheader("How labels are read")
    readings = {
        "Empty photographs": ", ".join(labels.empty) or "no label",
        "Neither animal nor empty": ", ".join(labels.other) or "no label",
        "Animals": "every other label",
        "Counted as another label": ", ".join(f"{old} as {new}" for old, new in labels.merged.items()) or "no label",
    }
    draw_facts(readings)
