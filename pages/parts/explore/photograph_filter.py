"""The filters above the gallery, all of them in the address."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts.address import tied, tied_value
from pages.parts.explore.figures import load_infrared, load_split_preview
from pages.parts.explore.policy import POLICY_TITLES, chosen_policy
from pages.parts.gallery import STATUS_WORDS
from pages.parts.markdown import literal
from wildcam.charts.splits import SIDE_TITLES
from wildcam.data.catalog import Dataset, Status
from wildcam.data.photograph_filter import PhotographFilter
from wildcam.data.splits import Side
from wildcam.errors import DataError

ANY, NO_LABEL = "All", "No label"
STATUS_TITLES = {STATUS_WORDS[status].capitalize(): status for status in Status}
LIGHT: dict[str, dict[str, bool]] = {
    "By day": {"by_day": True},
    "By night": {"by_day": False},
    "Infrared": {"infrared": True},
    "In colour": {"infrared": False},
}
SIDES: dict[str, Side] = {title: side for side, title in SIDE_TITLES.items()}
FORGET = ("page", "photograph")


def draw_filter(dataset: Dataset) -> pd.DataFrame:
    """Draw the filters; the rows of the catalog's table that fit."""
    chosen = _draw_common(dataset.index) | _draw_more(dataset)
    wanted = PhotographFilter(**chosen)
    infrared = load_infrared(dataset) if wanted.infrared is not None else None
    sides = None
    if wanted.side is not None:
        try:
            sides = load_split_preview(dataset, chosen_policy()).split.sides
        except DataError as error:
            st.info(literal(str(error)), icon=":material/info:")
            sides = pd.Series(None, index=dataset.index.index, dtype="object")
    return wanted.rows(dataset.index, sides=sides, infrared=infrared)


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
        side = _draw_choice(
            "Side",
            [ANY, *SIDES],
            "side",
            f"Of the split “{POLICY_TITLES[chosen_policy()]}”; another is chosen in Split.",
        )
    since = until = None
    if pd.notna(first):
        with columns[2]:
            since = _draw_day("From", "from", first.date(), last.date())
        with columns[3]:
            until = _draw_day("To", "to", first.date(), last.date())
    return LIGHT.get(light, {}) | {"side": SIDES.get(side), "first_day": since, "last_day": until}


def _draw_choice(title: str, options: list[str], name: str, help: str | None = None) -> str:
    return st.selectbox(title, options, help=help, **tied(name, options, forget=FORGET))


def _draw_day(title: str, name: str, first: date, last: date) -> date | None:
    def read(text: str) -> date:
        day = date.fromisoformat(text)
        if not first <= day <= last:
            raise ValueError(text)
        return day

    return st.date_input(
        title, None, min_value=first, max_value=last, format="YYYY-MM-DD", **tied_value(name, None, read, forget=FORGET)
    )


def _by_number(location: str) -> tuple[bool, int, str]:
    """Numbered cameras in the order of their numbers, then named ones."""
    return (not location.isdecimal(), int(location) if location.isdecimal() else 0, location)
