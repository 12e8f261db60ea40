"""What is in a data set: figures, charts and photographs. Data set and section are in the address."""

from enum import StrEnum

import streamlit as st

from pages.parts.address import tied
from pages.parts.dataset import choose_dataset
from pages.parts.explore.augmentation import draw_augmentation
from pages.parts.explore.cameras import draw_cameras
from pages.parts.explore.classes import draw_classes
from pages.parts.explore.empty import draw_empty
from pages.parts.explore.glance import draw_glance
from pages.parts.explore.labels import draw_labels
from pages.parts.explore.photographs import draw_photographs
from pages.parts.explore.quality import draw_quality
from pages.parts.explore.report import draw_report
from pages.parts.explore.split import draw_split
from pages.parts.explore.time import draw_time


class Section(StrEnum):
    """The parts of the page; only the one that is looked at is worked out."""

    GLANCE = "At a glance"
    CLASSES = "Classes"
    LABELS = "Labels"
    EMPTY = "Empty photographs"
    CAMERAS = "Cameras"
    SPLIT = "Split"
    TIME = "Time"
    PHOTOGRAPHS = "Photographs"
    QUALITY = "Quality"
    AUGMENTATION = "Augmentation"
    REPORT = "Import report"


DRAW = {
    Section.GLANCE: draw_glance,
    Section.CLASSES: draw_classes,
    Section.LABELS: draw_labels,
    Section.EMPTY: draw_empty,
    Section.CAMERAS: draw_cameras,
    Section.SPLIT: draw_split,
    Section.TIME: draw_time,
    Section.PHOTOGRAPHS: draw_photographs,
    Section.QUALITY: draw_quality,
    Section.AUGMENTATION: draw_augmentation,
    Section.REPORT: draw_report,
}

st.title("Explore")
dataset = choose_dataset()
if dataset.info.is_demo:
    st.caption("Generated photographs: good for a first look, for nothing else.")
section = st.segmented_control(
    "Section", list(Section), required=True, wrap=True, label_visibility="collapsed", **tied("section", Section)
)  # fmt: skip
DRAW[section](dataset)
