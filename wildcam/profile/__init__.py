"""The figures of a data set that pages and command line show, pure functions of the catalog's table."""

from wildcam.profile.activity import Light, light, species_by_hour
from wildcam.profile.classes import CLASS_COLUMNS, Scope, class_table, within
from wildcam.profile.empty import EMPTY_COLUMNS, empty_by, empty_by_hour, empty_by_month, wilson_interval
from wildcam.profile.figures import Profile, everything, profile
from wildcam.profile.locations import (
    LOCATION_COLUMNS,
    NEARLY_ALWAYS,
    NEARLY_NEVER,
    location_table,
    nearly_always_empty,
    nearly_never_empty,
    species_by_location,
)
from wildcam.profile.long_tail import HEAD_ABOVE, TAIL_BELOW, Band, LongTail, band, long_tail
from wildcam.profile.overview import Overview, overview
from wildcam.profile.subsets import LEAK_COLUMNS, SUBSET_COLUMNS, SplitPreview, preview_split
from wildcam.profile.timeline import Period, Timeline, timeline

__all__ = [
    "CLASS_COLUMNS",
    "EMPTY_COLUMNS",
    "HEAD_ABOVE",
    "LEAK_COLUMNS",
    "LOCATION_COLUMNS",
    "NEARLY_ALWAYS",
    "NEARLY_NEVER",
    "SUBSET_COLUMNS",
    "TAIL_BELOW",
    "Band",
    "Light",
    "LongTail",
    "Overview",
    "Period",
    "Profile",
    "Scope",
    "SplitPreview",
    "Timeline",
    "band",
    "class_table",
    "empty_by",
    "empty_by_hour",
    "empty_by_month",
    "everything",
    "light",
    "location_table",
    "long_tail",
    "nearly_always_empty",
    "nearly_never_empty",
    "overview",
    "preview_split",
    "profile",
    "species_by_hour",
    "species_by_location",
    "timeline",
    "wilson_interval",
    "within",
]
