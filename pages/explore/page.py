"""What is in a data set: its photos first, then charts and tables. Data set and section are in the address."""

from operator import attrgetter

import streamlit as st

from pages.explore.augmentation import draw_augmentation
from pages.explore.classes import draw_classes
from pages.explore.ecology import draw_ecology
from pages.explore.empty import draw_empty
from pages.explore.labels import draw_labels
from pages.explore.locations import draw_locations
from pages.explore.overview import draw_overview
from pages.explore.people import draw_people
from pages.explore.photos import draw_photos
from pages.explore.quality import draw_quality
from pages.explore.report import draw_report
from pages.explore.similarity import draw_similarity
from pages.explore.split import draw_split
from pages.explore.time import draw_time
from pages.widgets.dataset import current_dataset
from pages.widgets.explore_links import SECTIONS, Group, Section
from pages.widgets.url_state import url_param

DRAW = {
    Section.PHOTOS: draw_photos,
    Section.SIMILARITY: draw_similarity,
    Section.OVERVIEW: draw_overview,
    Section.CLASSES: draw_classes,
    Section.LABELS: draw_labels,
    Section.EMPTY: draw_empty,
    Section.LOCATIONS: draw_locations,
    Section.TIME: draw_time,
    Section.ECOLOGY: draw_ecology,
    Section.SPLIT: draw_split,
    Section.AUGMENTATION: draw_augmentation,
    Section.QUALITY: draw_quality,
    Section.PEOPLE: draw_people,
    Section.IMPORT_REPORT: draw_report,
}
"""Only the chosen section is worked out."""

_GROUP = "explore_group"


def _choose_section() -> Section:
    """Draw the groups, and the sections of the chosen one where it has several."""
    in_address = url_param("section", Section)
    section: Section = st.session_state[in_address["key"]]
    st.session_state[_GROUP] = section.group
    st.segmented_control(
        "Group",
        list(Group),
        format_func=attrgetter("display"),
        required=True,
        wrap=True,
        label_visibility="collapsed",
        key=_GROUP,
        on_change=_open_group,
    )
    sections = SECTIONS[section.group]
    if len(sections) == 1:
        return sections[0]
    return st.segmented_control(
        "Section",
        sections,
        format_func=attrgetter("display"),
        required=True,
        wrap=True,
        label_visibility="collapsed",
        **in_address,
    )


def _open_group() -> None:
    st.query_params["section"] = SECTIONS[st.session_state[_GROUP]][0].value


st.title("Explore")
dataset = current_dataset()
if dataset.info.is_demo:
    st.caption("Drawn photos, for trying things out only.")
DRAW[_choose_section()](dataset)
