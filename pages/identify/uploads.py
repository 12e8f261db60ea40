"""Identify: which images are asked about. They live in the session's memory, never on disk."""

from dataclasses import dataclass

import streamlit as st

from pages.widgets.dataset import open_shared
from wildcam.data.catalog import DatasetInfo, Status, list_datasets
from wildcam.serving.uploads import UploadedFile, read_uploads
from wildcam.settings import load_settings

MOST_MEGABYTES = 500
"""Of one file, which may be a ZIP; each image in it has a limit of its own."""

TYPES = [
    "jpg",
    "jpeg",
    "png",
    "tif",
    "tiff",
    "webp",
    "gif",
    "bmp",
    "zip",
    "heic",
    "heif",
    "cr2",
    "cr3",
    "nef",
    "arw",
    "dng",
]
"""Phones' and cameras' own kinds are let in to be told what to do, rather than left out without a word."""

WAYS = ("Files or a ZIP", "A folder", "Camera")


@dataclass(frozen=True)
class UploadedImage:
    """One that is asked about."""

    incoming: UploadedFile
    ground_truth: str = ""  # what its data set says that it shows, where that is known

    @property
    def name(self) -> str:
        """What its file is called."""
        return self.incoming.name


def choose_images() -> list[UploadedImage]:
    """Draw the ways in, and return what came in by them: it stays until it is replaced or removed."""
    images: list[UploadedImage] = st.session_state.setdefault("identify_images", [])
    key = f"identify_upload_{st.session_state.setdefault('identify_round', 0)}"
    way = st.segmented_control("Photos", WAYS, default=WAYS[0], required=True, key="identify_way")
    if way == "Camera":
        st.camera_input("Take a photo", key=f"{key}_camera", on_change=_take_uploads, args=(f"{key}_camera",))
    else:
        st.file_uploader(
            "Photos",
            TYPES,
            accept_multiple_files=True if way == WAYS[0] else "directory",
            max_upload_size=MOST_MEGABYTES,
            key=f"{key}_{way}",
            on_change=_take_uploads,
            args=(f"{key}_{way}",),
            label_visibility="collapsed",
            help="They are kept in memory while this session lasts, and nowhere else.",
        )
    demo = next((info for info in list_datasets(load_settings().datasets_dir) if info.is_demo), None)
    with st.container(horizontal=True):
        if demo:
            st.button(
                "Try a demo photo",
                icon=":material/shuffle:",
                key="identify_demo",
                on_click=_take_demo,
                args=(demo,),
                help="Another one at every click, from cameras of the demo data set that training does not see.",
            )
        if images:
            st.button("Remove all", icon=":material/delete:", key="identify_clear", on_click=_replace, args=([],))
    return images


def _take_uploads(key: str) -> None:
    handed_in = st.session_state[key]
    files = handed_in if isinstance(handed_in, list) else [handed_in] if handed_in else []
    _keep([UploadedImage(incoming) for incoming in read_uploads((file.name, file) for file in files)])


def _take_demo(info: DatasetInfo) -> None:
    dataset = open_shared(load_settings().datasets_dir, info)
    number = st.session_state["identify_demo_number"] = st.session_state.get("identify_demo_number", 0) + 1
    index = dataset.index[(dataset.index["given_split"] == "test") & (dataset.index["status"] == Status.OK)]
    row = index.sample(1, random_state=number).iloc[0]
    path = dataset.image_path(row["path"])
    _replace([UploadedImage(UploadedFile(path.name, str(row["location"]), path.read_bytes), str(row["label"]))])


def _replace(images: list[UploadedImage]) -> None:
    st.session_state["identify_round"] += 1  # another key empties the uploader
    _keep(images)


def _keep(images: list[UploadedImage]) -> None:
    """Another collection: what was answered of the last one is forgotten."""
    st.session_state["identify_images"] = images
    st.session_state.pop("identify_answers", None)
