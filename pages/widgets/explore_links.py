"""Links to Explore: its sections, and the photos behind a figure."""

import streamlit as st

from wildcam.choice import Choice
from wildcam.data.catalog import Dataset


class Section(Choice):
    """The sections of Explore, in the address as `?section=SLUG`."""

    PHOTOS = "photos", "All photos"
    SIMILARITY = "similarity", "Similarity"
    OVERVIEW = "overview", "Overview"
    CLASSES = "classes", "Classes"
    LABELS = "labels", "Labels"
    EMPTY = "empty", "Empty photos"
    LOCATIONS = "locations", "Locations"
    TIME = "time", "Time"
    ECOLOGY = "ecology", "Ecology"
    SPLIT = "split", "Subsets"
    AUGMENTATION = "augmentation", "Augmentation"
    QUALITY = "quality", "File check"
    PEOPLE = "people", "People"
    IMPORT_REPORT = "import_report", "Import report"

    @property
    def group(self) -> "Group":
        """The group that it is found in."""
        return next(group for group, sections in SECTIONS.items() if self in sections)


class Group(Choice):
    """What Explore offers first; the address names the section alone."""

    PHOTOS = "photos", "Photos"
    SPECIES = "species", "Species"
    LOCATIONS = "locations", "Locations and times"
    SPLIT = "split", "Split"
    QUALITY = "quality", "Quality"


SECTIONS = {
    Group.PHOTOS: (Section.PHOTOS, Section.SIMILARITY),
    Group.SPECIES: (Section.OVERVIEW, Section.CLASSES, Section.LABELS, Section.EMPTY),
    Group.LOCATIONS: (Section.LOCATIONS, Section.TIME, Section.ECOLOGY),
    Group.SPLIT: (Section.SPLIT, Section.AUGMENTATION),
    Group.QUALITY: (Section.QUALITY, Section.PEOPLE, Section.IMPORT_REPORT),
}
"""The sections of each group; a group opens with its first."""


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
