"""What is in a data set: figures, charts and photos. Data set and section are in the address."""

from operator import attrgetter

import streamlit as st

from pages.explore.augmentation import draw_augmentation
from pages.explore.classes import draw_classes
from pages.explore.ecology import draw_ecology
from pages.explore.empty import draw_empty
from pages.explore.labels import draw_labels
from pages.explore.locations import draw_locations
from pages.explore.overview import draw_overview
from pages.explore.photos import draw_photos
from pages.explore.quality import draw_quality
from pages.explore.report import draw_report
from pages.explore.split import draw_split
from pages.explore.time import draw_time
from pages.widgets.dataset import current_dataset
from pages.widgets.explore_links import Section
from pages.widgets.url_state import url_param

DRAW = {
    Section.OVERVIEW: draw_overview,
    Section.CLASSES: draw_classes,
    Section.LABELS: draw_labels,
    Section.EMPTY: draw_empty,
    Section.LOCATIONS: draw_locations,
    Section.SPLIT: draw_split,
    Section.TIME: draw_time,
    Section.ECOLOGY: draw_ecology,
    Section.PHOTOS: draw_photos,
    Section.QUALITY: draw_quality,
    Section.AUGMENTATION: draw_augmentation,
    Section.IMPORT_REPORT: draw_report,
}
"""Only the chosen section is worked out."""

st.title("Explore")
dataset = current_dataset()
if dataset.info.is_demo:
    st.caption("Drawn photos, for trying things out only.")
section = st.segmented_control(
    "Section",
    list(Section),
    format_func=attrgetter("display"),
    required=True,
    wrap=True,
    label_visibility="collapsed",
    **url_param("section", Section),
)
DRAW[section](dataset)
