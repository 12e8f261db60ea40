"""Identify: which photographs are asked about. They live in the session's memory, never on disk."""

from dataclasses import dataclass

import streamlit as st

from pages.parts.dataset import open_shared
from wildcam.data.catalog import DatasetInfo, Status, list_datasets
from wildcam.images import Source
from wildcam.settings import load_settings

MOST_MEGABYTES = 64
TYPES = ["jpg", "jpeg", "png", "tif", "tiff", "webp", "gif", "bmp"]


@dataclass(frozen=True)
class Photograph:
    """One that is asked about."""

    name: str
    source: Source
    truth: str = ""  # what its data set says that it shows, where that is known


def choose_photographs() -> list[Photograph]:
    """Draw the ways in, and return what came in by them: it stays until it is replaced or removed."""
    photographs: list[Photograph] = st.session_state.setdefault("identify_photographs", [])
    key = f"identify_upload_{st.session_state.setdefault('identify_round', 0)}"
    st.file_uploader(
        "Photographs", TYPES, accept_multiple_files=True, max_upload_size=MOST_MEGABYTES, key=key, on_change=_take_uploads, args=(key,),
        help="They are kept in memory while this session lasts, and nowhere else.",
    )  # fmt: skip
    demo = next((info for info in list_datasets(load_settings().datasets_dir) if info.is_demo), None)
    with st.container(horizontal=True):
        if demo:
            st.button(
                "Try a demo photograph", icon=":material/shuffle:", key="identify_demo", on_click=_take_demo, args=(demo,),
                help="Another one at every click, from cameras of the demo data set that training does not see.",
            )  # fmt: skip
        if photographs:
            st.button("Remove all", icon=":material/delete:", key="identify_clear", on_click=_replace, args=([],))
    return photographs


def _take_uploads(key: str) -> None:
    st.session_state["identify_photographs"] = [
        Photograph(file.name, file.getvalue()) for file in st.session_state[key]
    ]


def _take_demo(info: DatasetInfo) -> None:
    dataset = open_shared(load_settings().datasets_dir, info)
    number = st.session_state["identify_demo_number"] = st.session_state.get("identify_demo_number", 0) + 1
    index = dataset.index[(dataset.index["given_split"] == "test") & (dataset.index["status"] == Status.OK)]
    row = index.sample(1, random_state=number).iloc[0]
    path = dataset.photograph_path(row["path"])
    _replace([Photograph(path.name, path, str(row["label"]))])


def _replace(photographs: list[Photograph]) -> None:
    st.session_state["identify_photographs"] = photographs
    st.session_state["identify_round"] += 1  # another key empties the uploader
