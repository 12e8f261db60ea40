"""Links to Explore: its sections, and the photos behind a figure."""

import streamlit as st

from wildcam.choice import Choice
from wildcam.data.catalog import Dataset


class Section(Choice):
    """The sections of Explore, in the address as `?section=SLUG`."""

    OVERVIEW = "overview", "Overview"
    CLASSES = "classes", "Classes"
    LABELS = "labels", "Labels"
    EMPTY = "empty", "Empty photos"
    LOCATIONS = "locations", "Locations"
    SPLIT = "split", "Split"
    TIME = "time", "Time"
    ECOLOGY = "ecology", "Ecology"
    PHOTOS = "photos", "Photos"
    QUALITY = "quality", "Quality"
    AUGMENTATION = "augmentation", "Augmentation"
    IMPORT_REPORT = "import_report", "Import report"


def section_link(dataset_name: str, section: Section) -> dict[str, str]:
    """The address of a section of Explore."""
    return {"dataset": dataset_name, "section": section.value}


def photos_link(
    dataset: Dataset, *, label: str | None = None, location: str | None = None, image: str | None = None
) -> dict[str, str]:
    """The address of the photos that these filters leave, or of one photo."""
    wanted = {"class": label, "location": location, "image": image}
    filters = {name: str(value) for name, value in wanted.items() if value is not None}
    return section_link(dataset.name, Section.PHOTOS) | filters


def show_photos(dataset: Dataset, **filters: str) -> None:
    """Go to those photos; call it in a callback on Explore."""
    st.query_params.from_dict(photos_link(dataset, **filters))


def show_section(dataset: Dataset, section: Section) -> None:
    """Go to another section; call it in a callback on Explore."""
    st.query_params.from_dict(section_link(dataset.name, section))
