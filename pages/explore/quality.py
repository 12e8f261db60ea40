"""Explore, quality: the check of all files in the background, and its findings."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.explore.figures import load_checked
from pages.widgets.chart import draw_download
from pages.widgets.explore_links import show_photos
from pages.widgets.gallery import draw_gallery, photo_of
from pages.widgets.job import Job, draw_job
from pages.widgets.photo_grid import PhotoPair, choose_page, draw_photo_pairs
from pages.widgets.url_state import url_number, url_param
from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.limits import limits_of
from wildcam.quality.findings import Finding, count_findings, find
from wildcam.quality.submit import checks_of, submit_check
from wildcam.quality.thresholds import Thresholds
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

WITH_ORIGINAL = (Finding.DUPLICATE, Finding.NEAR_IDENTICAL)


def draw_quality(dataset: Dataset) -> None:
    store = RunStore(load_settings())
    draw_job(
        store,
        Job(
            key="explore_check",
            name="File check",
            start_label="Check all files" if dataset.info.checked_at is None else "Check new and changed files",
            icon=":material/fact_check:",
            latest=lambda: next(iter(checks_of(store, dataset.name)), None),
            start=lambda: submit_check(store, dataset.name),
        ),
    )
    checked = load_checked(dataset)
    if checked is None:
        st.info(
            "The files have not been checked yet. A check opens every file once and finds damaged, missing, duplicate, "
            "dark, blurred, tiny and infrared photos. It continues when this page is closed.",
            icon=":material/info:",
        )
        return
    _draw_findings(dataset, checked)


def _draw_findings(dataset: Dataset, checked: pd.DataFrame) -> None:
    findings = _find(dataset, checked, _draw_thresholds())
    counts = count_findings(findings)
    checked_count = int(checked["status"].notna().sum())
    when = f", {dataset.info.checked_at:%Y-%m-%d %H:%M} UTC" if dataset.info.checked_at else ", not finished"
    st.subheader("Findings")
    st.caption(f"{checked_count:,} of {counted(len(checked), 'file')} checked{when}.")
    cards = st.grid(min_column_width=150)
    for finding, count in counts.items():
        cards.metric(finding.display, f"{count:,}", border=True, help=finding.description)
    draw_download(
        findings,
        key="explore_findings",
        name=f"{dataset.name}-findings",
        label="All findings (CSV)",
    )
    found = [finding for finding, count in counts.items() if count]
    if not found:
        st.success("No problems found.", icon=":material/verified:")
        return
    finding = st.segmented_control(
        "Show",
        found,
        format_func=lambda one: f"{one.display} ({counts[one]:,})",
        required=True,
        wrap=True,
        **url_param("finding", found, forget=("page",)),
    )
    st.caption(finding.description)
    _draw_found(dataset, findings[findings["finding"] == finding], finding)


def _draw_thresholds() -> Thresholds:
    values: dict[str, Any] = {}
    with st.popover("Thresholds", icon=":material/tune:"):
        for name, field in Thresholds.model_fields.items():
            unit = (field.json_schema_extra or {})["unit"]  # type: ignore[index]
            least, most = limits_of(field)
            kind = type(field.default)
            values[name] = st.number_input(
                f"{field.title} ({unit})",
                least,
                most,
                step=kind(1) if kind is int else 0.005,
                help=field.description,
                format=None if kind is int else "%.3f",
                **url_number(name, field.default, least, most),
            )
    return Thresholds(**values)


@st.cache_data(max_entries=4, show_spinner="Applying the thresholds …", hash_funcs={Dataset: repr})
def _find(dataset: Dataset, _checked: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    return find(dataset.index, _checked, thresholds)


def _draw_found(dataset: Dataset, found: pd.DataFrame, finding: Finding) -> None:
    shown = choose_page(found)
    if finding in WITH_ORIGINAL:
        _draw_copies(dataset, shown)
        return
    notes = dict(zip(shown["image_id"], shown["detail"], strict=True))
    draw_gallery(
        dataset,
        dataset.index.loc[shown.index],
        key="explore_found",
        notes=notes,
        open_photo=lambda image_id: show_photos(dataset, image=image_id),
    )


def _draw_copies(dataset: Dataset, shown: pd.DataFrame) -> None:
    originals = dataset.rows_of(shown["original"])
    draw_photo_pairs(
        PhotoPair(
            ("Original", "Copy"),
            (photo_of(dataset, originals.loc[row["original"]]), photo_of(dataset, dataset.index.loc[label])),
            f"{row['path']}\n{row['detail']}",
        )
        for label, row in shown.iterrows()
    )
