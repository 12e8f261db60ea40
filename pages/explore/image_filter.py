"""The filters above the gallery, all of them in the address."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from pages.explore.figures import load_infrared, load_split_preview
from pages.explore.policy import POLICY_TITLES, chosen_policy
from pages.widgets.gallery import STATUS_WORDS
from pages.widgets.markdown import literal
from pages.widgets.url_state import url_param, url_value
from wildcam.charts.splits import SUBSET_TITLES
from wildcam.data.catalog import Dataset, Status
from wildcam.data.image_filter import ImageFilter
from wildcam.data.splits import Subset
from wildcam.errors import DataError

ANY, NO_LABEL = "All", "No label"
STATUS_TITLES = {STATUS_WORDS[status].capitalize(): status for status in Status}
LIGHT: dict[str, dict[str, bool]] = {
    "By day": {"by_day": True},
    "By night": {"by_day": False},
    "Infrared": {"infrared": True},
    "In colour": {"infrared": False},
}
SUBSETS: dict[str, Subset] = {title: subset for subset, title in SUBSET_TITLES.items()}
FORGET = ("page", "image")


def draw_filter(dataset: Dataset) -> pd.DataFrame:
    """Draw the filters; the rows of the catalog's table that fit."""
    chosen = _draw_common(dataset.index) | _draw_more(dataset)
    wanted = ImageFilter(**chosen)
    infrared = load_infrared(dataset) if wanted.infrared is not None else None
    subsets = None
    if wanted.subset is not None:
        try:
            subsets = load_split_preview(dataset, chosen_policy()).split.subsets
        except DataError as error:
            st.info(literal(str(error)), icon=":material/info:")
            subsets = pd.Series(None, index=dataset.index.index, dtype="object")
    return wanted.rows(dataset.index, subsets=subsets, infrared=infrared)


def _draw_common(index: pd.DataFrame) -> dict[str, Any]:
    labels = sorted(index["label"].cat.categories)
    locations = sorted(index["location"].cat.categories, key=_by_number)
    columns = st.columns(3)
    with columns[0]:
        label = _draw_choice("Class", [ANY, *labels, *[NO_LABEL] * bool(index["label"].isna().any())], "class")
    with columns[1]:
        location = _draw_choice("Camera", [ANY, *locations], "camera")
    with columns[2]:
        status = _draw_choice("File", [ANY, *STATUS_TITLES], "file")
    return {
        "label": None if label in (ANY, NO_LABEL) else label,
        "labelled": False if label == NO_LABEL else None,
        "location": None if location == ANY else location,
        "status": STATUS_TITLES.get(status),
    }


def _draw_more(dataset: Dataset) -> dict[str, Any]:
    taken_at = dataset.index["taken_at"]
    first, last = taken_at.min(), taken_at.max()
    columns = st.columns(4)
    with columns[0]:
        light = _draw_choice(
            "Light", [ANY, *(LIGHT if load_infrared(dataset) is not None else list(LIGHT)[:2])], "light"
        )
    with columns[1]:
        subset = _draw_choice(
            "Side",
            [ANY, *SUBSETS],
            "subset",
            f"Of the split “{POLICY_TITLES[chosen_policy()]}”; another is chosen in Split.",
        )
    since = until = None
    if pd.notna(first):
        with columns[2]:
            since = _draw_day("From", "from", first.date(), last.date())
        with columns[3]:
            until = _draw_day("To", "to", first.date(), last.date())
    return LIGHT.get(light, {}) | {"subset": SUBSETS.get(subset), "first_day": since, "last_day": until}


def _draw_choice(title: str, options: list[str], name: str, help: str | None = None) -> str:
    return st.selectbox(title, options, help=help, **url_param(name, options, forget=FORGET))


def _draw_day(title: str, name: str, first: date, last: date) -> date | None:
    def read(text: str) -> date:
        day = date.fromisoformat(text)
        if not first <= day <= last:
            raise ValueError(text)
        return day

    return st.date_input(
        title, None, min_value=first, max_value=last, format="YYYY-MM-DD", **url_value(name, None, read, forget=FORGET)
    )


def _by_number(location: str) -> tuple[bool, int, str]:
    """Numbered cameras in the order of their numbers, then named ones."""
    return (not location.isdecimal(), int(location) if location.isdecimal() else 0, location)
