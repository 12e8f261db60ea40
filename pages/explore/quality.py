"""Explore, quality: the check of all files in the background, and what it found, with images and a list."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.explore.chart import draw_download
from pages.explore.figures import load_checked
from pages.explore.links import show_images
from pages.widgets.gallery import draw_gallery, draw_pair
from pages.widgets.markdown import literal
from pages.widgets.url_state import url_page, url_param, url_value
from wildcam.data.catalog import Dataset
from wildcam.errors import WildcamError
from wildcam.limits import limits_of
from wildcam.quality.findings import Finding, count_findings, find
from wildcam.quality.submit import checks_of, submit_check
from wildcam.quality.thresholds import Thresholds
from wildcam.runs import local
from wildcam.runs.describe import describe_state
from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

REFRESH_SECONDS = 1.0
PAGE_LENGTH = 12
WITH_ORIGINAL = (Finding.DUPLICATE, Finding.NEAR_IDENTICAL)


def draw_quality(dataset: Dataset) -> None:
    store = RunStore(load_settings())
    run = _latest(store, dataset)
    is_live = run is not None and run.state.is_live
    st.fragment(_draw_check, run_every=REFRESH_SECONDS if is_live else None)(store, dataset, is_live)
    checked = load_checked(dataset)
    if checked is None:
        st.info(
            "Nobody has looked into the files yet. A check opens each of them once and finds those that are damaged, missing, "
            "doubled, dark, blurred or tiny, and which were taken by infrared light. It goes on when this page is closed.",
            icon=":material/info:",
        )
        return
    _draw_findings(dataset, checked)


def _draw_check(store: RunStore, dataset: Dataset, was_live: bool) -> None:
    """Where the check stands, and its buttons. Alone on a timer while it runs."""
    run = _latest(store, dataset)
    try:
        _draw_state(run)
        _draw_buttons(store, dataset, run)
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")
    if was_live and not (run and run.state.is_live):
        st.rerun()


def _latest(store: RunStore, dataset: Dataset) -> Run | None:
    return next(iter(checks_of(store, dataset.name)), None)


def _draw_state(run: Run | None) -> None:
    if run is None:
        return
    if run.state in (State.FAILED, State.LOST):
        st.error(literal(describe_state(run)), icon=":material/error:")
    else:
        st.text(f"Check of the files: {describe_state(run)}")
    if run.state is State.RUNNING:
        progress = run.progress
        st.progress(min(1.0, progress.step / progress.steps) if progress.steps else 0.0)


def _draw_buttons(store: RunStore, dataset: Dataset, run: Run | None) -> None:
    with st.container(horizontal=True):
        if run and run.state.is_live:
            if st.button("Stop", icon=":material/stop:", key="explore_check_stop"):
                store.request_stop(run.id)
                st.rerun()
            return
        if run and run.state.can_resume and st.button("Resume", icon=":material/resume:", key="explore_check_resume"):
            local.resume(store, run.id)
            st.rerun()
        title = "Check every file" if dataset.info.checked_at is None else "Check new and changed files"
        if st.button(title, icon=":material/fact_check:", type="primary", key="explore_check_start"):
            submit_check(store, dataset.name)
            st.rerun()


def _draw_findings(dataset: Dataset, checked: pd.DataFrame) -> None:
    findings = _find(dataset, checked, _draw_thresholds())
    counts = count_findings(findings)
    checked_count = int(checked["status"].notna().sum())
    when = f", {dataset.info.checked_at:%Y-%m-%d %H:%M} UTC" if dataset.info.checked_at else ", not finished"
    st.subheader("What was found")
    st.caption(f"{checked_count:,} of {len(checked):,} files were looked at{when}.")
    cards = st.grid(min_column_width=150)
    for finding, count in counts.items():
        cards.metric(finding.heading, f"{count:,}", border=True, help=finding.meaning)
    draw_download(
        findings.drop(columns="group").assign(first_of_its_kind=findings["group"]),
        key="explore_findings",
        name=f"{dataset.name}-findings",
        label="The whole list",
    )
    found = [finding for finding, count in counts.items() if count]
    if not found:
        st.success("Nothing is wrong with the files that were looked at.", icon=":material/verified:")
        return
    finding = st.segmented_control(
        "Show",
        found,
        format_func=lambda one: f"{one.heading} ({counts[one]:,})",
        required=True,
        wrap=True,
        **url_param("finding", found, forget=("page",)),
    )
    st.caption(finding.meaning)
    _draw_found(dataset, findings[findings["finding"] == finding], finding)


def _draw_thresholds() -> Thresholds:
    values: dict[str, Any] = {}
    with st.popover("Where a measure becomes a finding", icon=":material/tune:"):
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
                **url_value(name, field.default, kind),
            )
    return Thresholds(**values)


@st.cache_data(max_entries=4, show_spinner="Looking through what was measured …", hash_funcs={Dataset: repr})
def _find(dataset: Dataset, _checked: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    return find(dataset.index, _checked, thresholds)


def _draw_found(dataset: Dataset, found: pd.DataFrame, finding: Finding) -> None:
    pages = -(-len(found) // PAGE_LENGTH)
    page = st.pagination(pages, **url_page(pages)) if pages > 1 else 1
    shown = found.iloc[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
    if finding in WITH_ORIGINAL:
        _draw_copies(dataset, shown)
        return
    notes = dict(zip(shown["image_id"], shown["detail"], strict=True))
    draw_gallery(
        dataset,
        dataset.index.loc[shown.index],
        key="explore_found",
        notes=notes,
        open_image=lambda image_id: show_images(dataset, image=image_id),
    )


def _draw_copies(dataset: Dataset, shown: pd.DataFrame) -> None:
    firsts = dataset.rows_of(shown["group"])
    columns = st.columns(2)
    for number, (place, row) in enumerate(shown.iterrows()):
        with columns[number % 2].container(border=True):
            draw_pair(dataset, {"The first": firsts.loc[row["group"]], "This one": dataset.index.loc[place]})
            st.text(f"{row['path']}\n{row['detail']}")
