"""Explore, time: corrections of the cameras' clocks, and proposals where files and clock disagree."""

from datetime import datetime

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from pages.widgets.attempt import attempt
from pages.widgets.markdown import literal
from wildcam.counting import counted
from wildcam.data.catalog import Dataset, update_clock
from wildcam.data.clock import ClockCorrection, as_shown
from wildcam.data.clock_proposals import propose
from wildcam.errors import UsageError

EVERY_LOCATION = "Every location"
SHOWN = 5
"""Proposals that are shown at a time: each one that is taken makes room for the next."""


def draw_clock(dataset: Dataset) -> None:
    """What is corrected, what may be wrong, and a form."""
    changed = int(dataset.index["camera_time"].notna().sum())
    title = f"Clock correction: {counted(changed, 'photo')}" if changed else "Clock correction"
    with st.expander(title, icon=":material/schedule:"):
        st.caption(
            "Times are corrected here and everywhere in WildCam: charts, bursts, splits, exports. The source and the "
            "photos stay as they are, and a correction can be removed."
        )
        _draw_kept(dataset)
        _draw_proposals(dataset)
        _draw_form(dataset)


def _draw_kept(dataset: Dataset) -> None:
    kept = dataset.info.clock
    for number, correction in enumerate(kept):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.text("\n".join(filter(None, (correction.sentence, correction.note))), width="stretch")
            st.button(
                "Remove",
                icon=":material/undo:",
                key=f"explore_clock_remove_{number}",
                on_click=attempt,
                args=(update_clock, dataset, (*kept[:number], *kept[number + 1 :])),
            )


@st.cache_data(max_entries=4, show_spinner="Comparing files and clocks …", hash_funcs={Dataset: lambda d: repr(d.info)})
def _proposals(dataset: Dataset) -> list[ClockCorrection]:
    return propose(dataset.index)


def _draw_proposals(dataset: Dataset) -> None:
    proposals = _proposals(dataset)
    if not proposals:
        return
    st.markdown("**Files and clock disagree**")
    for number, correction in enumerate(proposals[:SHOWN]):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.text(f"{correction.sentence}\n{correction.note}", width="stretch")
            st.button(
                "Correct",
                icon=":material/check:",
                key=f"explore_clock_take_{number}",
                on_click=attempt,
                args=(update_clock, dataset, (*dataset.info.clock, correction)),
            )
    if len(proposals) > SHOWN:
        st.caption(f"And {len(proposals) - SHOWN} more.")


def _draw_form(dataset: Dataset) -> None:
    locations = sorted(map(str, dataset.index["location"].dropna().unique()))
    with st.form("explore_clock", border=False):
        place = st.selectbox("Location", [EVERY_LOCATION, *locations], key="explore_clock_location")
        left, right = st.columns(2)
        since = left.text_input(
            "Since, by the camera's clock", placeholder="2021-05-01 10:00", key="explore_clock_since"
        )
        until = right.text_input("Until", placeholder="2021-06-30 18:00", key="explore_clock_until")
        columns = st.columns(3)
        years = columns[0].number_input("Years to add", -100, 100, 0, key="explore_clock_years")
        hours = columns[1].number_input("Hours to add", -24.0 * 366, 24.0 * 366, 0.0, 0.5, key="explore_clock_hours")
        seconds = columns[2].number_input("Seconds to add", -3600, 3600, 0, key="explore_clock_seconds")
        from_zone = left.text_input("Zone of the clock", placeholder="Etc/GMT-1", key="explore_clock_from")
        to_zone = right.text_input("Zone of the location", placeholder="Europe/Berlin", key="explore_clock_to")
        if not st.form_submit_button("Correct clock", icon=":material/check:"):
            return
    try:
        correction = ClockCorrection(
            location="" if place in (None, EVERY_LOCATION) else str(place),
            since=_time(since),
            until=_time(until),
            years=int(years),
            shift_seconds=round(3600 * hours) + int(seconds),
            from_zone=from_zone.strip(),
            to_zone=to_zone.strip(),
        )
        if not correction.concerns(as_shown(dataset.index)).any():
            raise UsageError("No photo has a time in this period at this location: choose another.")
    except ValidationError as error:
        st.error(literal(str(UsageError.of(error))), icon=":material/error:")
    except UsageError as error:
        st.error(literal(str(error)), icon=":material/error:")
    else:
        update_clock(dataset, (*dataset.info.clock, correction))
        st.rerun()


def _time(written: str) -> datetime | None:
    if not written.strip():
        return None
    time = pd.to_datetime(written.strip(), format="ISO8601", errors="coerce")
    if pd.isna(time):
        raise UsageError(f"{written!r} is no time: expected one such as 2021-05-01 10:00.")
    return time.to_pydatetime()
