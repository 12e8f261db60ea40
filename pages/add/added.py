"""Add data: the import, and its result."""

import streamlit as st

from pages.add.check import draw_check
from pages.add.name import DatasetName
from pages.add.request import ImportRequest
from pages.widgets.dataset import open_shared
from pages.widgets.explore_links import Section, section_link
from pages.widgets.markdown import literal
from pages.widgets.remarks import draw_mendable
from wildcam.data.catalog import Status, list_datasets
from wildcam.data.importers import IMPORTERS, import_dataset
from wildcam.data.uploads import folder_bytes, kept
from wildcam.runs.quota import check_disk
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings


def add(request: ImportRequest, name: DatasetName) -> None:
    """Import with a progress bar. Raises a `WildcamError` and leaves nothing behind where it fails."""
    settings = load_settings()
    check_disk(RunStore(settings), sum(map(folder_bytes, request.staged())))  # unpacked
    bar = st.progress(0.0, "Starting")

    def show(step: str, fraction: float) -> None:
        if fraction < 1:  # the data set is stored: drawing would be a moment at which a click could end the script
            bar.progress(fraction, step)

    with kept(settings.home, name.name, request.staged()) as moved:
        import_dataset(
            settings.datasets_dir,
            moved.get(request.source.path, request.source.path),
            name=name.name,
            format=request.format,
            options=request.options(moved),
            replace=name.replace,
            progress=show,
        )


def draw_added(name: str, *, check: str) -> None:
    """The counts of the new data set, some of its photos, the importer's remarks, and links. `check`: the run of its
    check, or "".
    """
    datasets_dir = load_settings().datasets_dir
    info = next((info for info in list_datasets(datasets_dir) if info.name == name), None)
    if info is None:
        st.warning("The data set in the link does not exist.", icon=":material/link_off:")
    else:
        dataset = open_shared(datasets_dir, info)
        index = dataset.index
        title = IMPORTERS[info.format].title if info.format in IMPORTERS else info.format
        st.success(f"Data set **{literal(info.display)}** added (format: {literal(title)}).", icon=":material/check:")
        cards = st.grid(min_column_width=130)
        cards.metric("Photos", f"{info.images:,}", border=True)
        cards.metric("Locations", f"{index['location'].nunique():,}", border=True)
        cards.metric("Labels", f"{index['label'].nunique():,}", border=True)
        cards.metric("Missing files", f"{(index['status'] == Status.MISSING).sum():,}", border=True)
        _draw_links(name)
        draw_check(name, check)
        st.subheader("Importer's remarks")
        if not info.warnings:
            st.text("None: every row of the source was used as it is.")
        draw_mendable(dataset, info.warnings)
    st.button("Add another data set", icon=":material/add:", key="add_another", on_click=st.query_params.clear)


def _draw_links(name: str) -> None:
    with st.container(horizontal=True):
        st.page_link(
            "pages/explore/page.py",
            label="Photos",
            icon=":material/photo_library:",
            query_params=section_link(name, Section.PHOTOS),
        )
        st.page_link(
            "pages/explore/page.py",
            label="Explore",
            icon=":material/travel_explore:",
            query_params={"dataset": name},
        )
        st.page_link("pages/train/page.py", label="Train", icon=":material/model_training:")
