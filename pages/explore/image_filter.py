"""The filters above the gallery, all of them in the address."""

from collections.abc import Callable, Iterable
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st

from pages.explore.figures import load_infrared, load_split_preview
from pages.explore.policy import chosen_policy
from pages.widgets.markdown import literal
from pages.widgets.url_state import url_param, url_value
from wildcam.choice import Choice
from wildcam.data.catalog import Dataset, Status
from wildcam.data.image_filter import ImageFilter
from wildcam.data.splits import Subset
from wildcam.errors import DataError

Option = TypeVar("Option", bound=str)

ANY, NO_LABEL = "", "no_label"
TITLES = {ANY: "All", NO_LABEL: "No label"}
FORGET = ("page", "image")
MORE = ("light", "subset", "file", "from", "to")


class LightFilter(Choice):
    """The light in which a photo was taken."""

    DAY = "day", "Day"
    NIGHT = "night", "Night"
    INFRARED = "infrared", "Infrared"
    COLOUR = "colour", "Colour"


LIGHT: dict[str, dict[str, bool]] = {
    LightFilter.DAY: {"by_day": True},
    LightFilter.NIGHT: {"by_day": False},
    LightFilter.INFRARED: {"infrared": True},
    LightFilter.COLOUR: {"infrared": False},
}


def draw_filter(dataset: Dataset) -> pd.DataFrame:
    """Draw the filters; the rows of the catalog's table that match."""
    image_filter = ImageFilter(**(_draw_common(dataset) | _draw_more(dataset)))
    infrared = load_infrared(dataset) if image_filter.infrared is not None else None
    subsets = None
    if image_filter.subset is not None:
        try:
            subsets = load_split_preview(dataset, chosen_policy()).split.subsets
        except DataError as error:
            st.info(literal(str(error)), icon=":material/info:")
            subsets = pd.Series(None, index=dataset.index.index, dtype="object")
    return image_filter.apply(dataset.index, subsets=subsets, infrared=infrared)


def _draw_common(dataset: Dataset) -> dict[str, Any]:
    index, names = dataset.index, dataset.info.names
    labels = sorted(index["label"].cat.categories)
    locations = sorted(index["location"].cat.categories, key=_by_number)
    left, right = st.columns(2)
    with left:
        offered = [*labels, *[NO_LABEL] * bool(index["label"].isna().any())]
        label = _draw_choice("Class", offered, "class", lambda one: TITLES.get(one, names.title(one)))
    with right:
        location = _draw_choice("Location", locations, "location", str)
    return {
        "label": None if label == NO_LABEL else label,
        "labelled": False if label == NO_LABEL else None,
        "location": location,
    }


def _draw_more(dataset: Dataset) -> dict[str, Any]:
    """The filters that are closed, so that the photos come soon; one that is set in the address opens them."""
    taken_at = dataset.index["taken_at"]
    first, last = taken_at.min(), taken_at.max()
    offered = list(LightFilter) if load_infrared(dataset) is not None else [LightFilter.DAY, LightFilter.NIGHT]
    with st.expander("More filters", expanded=any(name in st.query_params for name in MORE)):
        columns = st.columns(5 if pd.notna(first) else 3)
        with columns[0]:
            light = _draw_choice("Light", offered, "light", attrgetter("display"))
        with columns[1]:
            help = f"Of the split “{chosen_policy().display}”. Choose another one in Split."
            subset = _draw_choice("Subset", Subset, "subset", attrgetter("display"), help)
        with columns[2]:
            status = _draw_choice("File", Status, "file", attrgetter("display"))
        since = until = None
        if pd.notna(first):
            with columns[3]:
                since = _draw_day("From", "from", first.date(), last.date())
            with columns[4]:
                until = _draw_day("To", "to", first.date(), last.date())
    return LIGHT.get(light or ANY, {}) | {
        "subset": subset,
        "status": status,
        "first_day": since,
        "last_day": until,
    }


def _draw_choice(
    title: str, options: Iterable[Option], name: str, display: Callable[[Option], str], help: str | None = None
) -> Option | None:
    """Draw a filter with "All" first; None for that."""
    offered = [ANY, *options]
    chosen = st.selectbox(
        title,
        offered,
        format_func=lambda option: display(option) if option else TITLES[ANY],
        help=help,
        **url_param(name, offered, forget=FORGET),
    )
    return None if chosen is ANY else cast(Option, chosen)


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
    """Numbered locations in the order of their numbers, then named ones."""
    return (not location.isdecimal(), int(location) if location.isdecimal() else 0, location)
