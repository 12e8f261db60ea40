"""What is in a data set: figures, charts and images. Data set and section are in the address."""

from enum import StrEnum

import streamlit as st

from pages.explore.augmentation import draw_augmentation
from pages.explore.classes import draw_classes
from pages.explore.empty import draw_empty
from pages.explore.labels import draw_labels
from pages.explore.locations import draw_locations
from pages.explore.overview import draw_overview
from pages.explore.photos import draw_images
from pages.explore.quality import draw_quality
from pages.explore.report import draw_report
from pages.explore.split import draw_split
from pages.explore.time import draw_time
from pages.widgets.dataset import choose_dataset
from pages.widgets.url_state import url_param


class Section(StrEnum):
    """The parts of the page; only the one that is looked at is worked out."""

    OVERVIEW = "At a glance"
    CLASSES = "Classes"
    LABELS = "Labels"
    EMPTY = "Empty photos"
    CAMERAS = "Cameras"
    SPLIT = "Split"
    TIME = "Time"
    IMAGES = "Photos"
    QUALITY = "Quality"
    AUGMENTATION = "Augmentation"
    REPORT = "Import report"


DRAW = {
    Section.OVERVIEW: draw_overview,
    Section.CLASSES: draw_classes,
    Section.LABELS: draw_labels,
    Section.EMPTY: draw_empty,
    Section.CAMERAS: draw_locations,
    Section.SPLIT: draw_split,
    Section.TIME: draw_time,
    Section.IMAGES: draw_images,
    Section.QUALITY: draw_quality,
    Section.AUGMENTATION: draw_augmentation,
    Section.REPORT: draw_report,
}

st.title("Explore")
dataset = choose_dataset()
if dataset.info.is_demo:
    st.caption("Generated photos: good for a first look, for nothing else.")
section = st.segmented_control(
    "Section", list(Section), required=True, wrap=True, label_visibility="collapsed", **url_param("section", Section)
)
DRAW[section](dataset)
