"""Identify: the uploads. They live in the session's memory, never on disk."""

from collections import Counter
from dataclasses import dataclass
from operator import attrgetter

import streamlit as st

from pages.widgets.dataset import open_shared
from pages.widgets.markdown import literal
from pages.widgets.pack_uploads import pack_uploads
from pages.widgets.url_state import url_param
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.data.catalog import DatasetInfo, Status, list_datasets
from wildcam.data.passed_over import PassedOver
from wildcam.regular_files import read_regular
from wildcam.serving.bundle import Bundle, choose_pair, demo_pair
from wildcam.serving.uploads import MOST_IMAGE_BYTES, UploadedFile, read_uploads
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
"""HEIC and raw files are accepted, so that they get a message on how to convert them."""

MODEL_KEYS = ("identify_empty", "identify_species")
"""Keys of the choice of both stages' models."""

MANY = 500
"""Photos up to which one may well wait for the answers: about two minutes on two cores."""


class Way(Choice):
    """How photos come to the page: in the address, so that a phone can keep a link to the camera."""

    FILES = "files", "Files or ZIP"
    FOLDER = "folder", "Folder"
    CAMERA = "camera", "Camera"


@dataclass(frozen=True)
class UploadedImage:
    """An upload, with its ground truth where that is known."""

    file: UploadedFile
    ground_truth: str = ""  # the label of the data set; "" where unknown

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.file.name


def choose_uploads() -> list[UploadedImage]:
    """Draw the upload widgets; the uploads stay until they are replaced or removed."""
    images: list[UploadedImage] = st.session_state.setdefault("identify_images", [])
    key = f"identify_upload_{st.session_state.setdefault('identify_round', 0)}"
    way = st.segmented_control(
        "Photos", list(Way), format_func=attrgetter("display"), required=True, **url_param("photos", Way)
    )
    pack_uploads()
    if way == Way.CAMERA:
        st.camera_input("Take a photo", key=f"{key}_camera", on_change=_take_uploads, args=(f"{key}_camera",))
    else:
        st.file_uploader(
            "Photos",
            TYPES,
            accept_multiple_files="directory" if way == Way.FOLDER else True,
            max_upload_size=MOST_MEGABYTES,
            key=f"{key}_{way}",
            on_change=_take_uploads,
            args=(f"{key}_{way}",),
            label_visibility="collapsed",
            help="Photos stay in memory for this session and are not saved.",
        )
    st.caption(
        f"Up to {MANY} photos are best answered here, while you wait. For more, add their folder or ZIP as a data set "
        "and classify it as a batch: that goes on when this page is closed."
    )
    demo = next((info for info in list_datasets(load_settings().datasets_dir) if info.is_demo), None)
    with st.container(horizontal=True):
        st.page_link("pages/add/page.py", label="Add as a data set", icon=":material/add_photo_alternate:")
        st.page_link("pages/batch/page.py", label="Start a batch", icon=":material/photo_library:")
        if demo:
            st.button(
                "Try demo photo",
                icon=":material/shuffle:",
                key="identify_demo",
                on_click=_take_demo,
                args=(demo,),
                help="Each click takes another test photo of the demo data set, from a location outside training.",
            )
        if images:
            st.button("Remove all", icon=":material/delete:", key="identify_clear", on_click=_replace, args=([],))
    _draw_passed_over(st.session_state.get("identify_passed_over", Counter()))
    return images


def use_models(pair: tuple[Bundle, Bundle]) -> None:
    """Choose the models of both stages, as a person would."""
    for key, bundle in zip(MODEL_KEYS, pair, strict=True):
        st.session_state[key] = bundle.name


def _take_uploads(key: str) -> None:
    if st.session_state.pop("identify_on_demo", False):
        # The default pair again, by name: a key that is only removed would take its value from the address.
        use_models(choose_pair(load_settings().model_dirs))
    uploads = st.session_state[key]
    files = uploads if isinstance(uploads, list) else [uploads] if uploads else []
    passed_over: Counter[PassedOver] = Counter()
    _keep([UploadedImage(file) for file in read_uploads(((file.name, file) for file in files), passed_over)])
    st.session_state["identify_passed_over"] = passed_over


def _take_demo(info: DatasetInfo) -> None:
    dataset = open_shared(load_settings().datasets_dir, info)
    number = st.session_state["identify_demo_number"] = st.session_state.get("identify_demo_number", 0) + 1
    index = dataset.index[(dataset.index["given_split"] == "test") & (dataset.index["status"] == Status.OK)]
    row = index.sample(1, random_state=number).iloc[0]
    if pair := demo_pair(load_settings().model_dirs):  # other models know nothing of drawn animals
        use_models(pair)
        st.session_state["identify_on_demo"] = True
    path = dataset.image_path(row["path"])
    photo = UploadedFile(path.name, str(row["location"]), lambda: read_regular(path, MOST_IMAGE_BYTES))
    _replace([UploadedImage(photo, str(row["label"]))])


def _replace(images: list[UploadedImage]) -> None:
    st.session_state["identify_round"] += 1  # another key empties the uploader
    _keep(images)


def _keep(images: list[UploadedImage]) -> None:
    """Replace the uploads, and forget what belongs to the last ones: their answers, and which was shown."""
    st.session_state["identify_images"] = images
    for key in ("identify_answers", "identify_passed_over", "identify_stopped", "identify_image"):
        st.session_state.pop(key, None)


def _draw_passed_over(passed_over: Counter[PassedOver]) -> None:
    if passed_over:
        reasons = "; ".join(f"{count:,} × {reason.display}" for reason, count in passed_over.most_common())
        st.caption(literal(f"{counted(passed_over.total(), 'file')} passed over: {reasons}."))
