"""Explore, labels: the table of scientific and common names, to download, fill in and give back."""

import tempfile
from pathlib import Path

import streamlit as st

from pages.widgets.attempt import attempt
from pages.widgets.chart import draw_download
from pages.widgets.markdown import literal
from wildcam.counting import counted
from wildcam.data.catalog import Dataset, update_names
from wildcam.data.importers.names_table import read_names
from wildcam.errors import DataError


def draw_names(dataset: Dataset) -> None:
    names = dataset.info.names
    table = names.to_table(dataset.label_sizes.index)
    st.subheader("Names of species")
    with_name = int((table["common_name"] != "").sum())
    st.caption(
        f"{counted(with_name, 'label has', 'labels have')} a common name. Names are shown beside each label, and "
        "Camtrap DP takes them; labels stay as they are. Download the table, fill it in, and give it back."
    )
    draw_download(table, key="explore_names", name=f"{dataset.name}-names", label="Table of names (CSV)")
    given = st.file_uploader("Names (CSV): label, scientific_name, common_name", ["csv"], key="explore_names_file")
    if given is None:
        return
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "names.csv")
            path.write_bytes(given.getvalue())
            wanted = read_names(path)
    except DataError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    if others := wanted.not_among(table["label"]):
        st.warning(
            literal(f"{counted(len(others), 'label')} of the table is not in this data set, such as {others[0]}."),
            icon=":material/label_off:",
        )
    if wanted == names:
        st.success("These names are stored.", icon=":material/check:")
        return
    st.button(
        "Store these names",
        type="primary",
        icon=":material/check:",
        key="explore_names_store",
        on_click=attempt,
        args=(update_names, dataset, wanted),
    )
