"""What may go from the disk, and the button that frees it."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.widgets.attempt import attempt
from pages.widgets.url_state import url_number
from wildcam.accounts.acting import actor
from wildcam.accounts.roles import Act
from wildcam.settings import Settings
from wildcam.upkeep.clean import DEFAULT_DAYS, LEAST_DAYS, MOST_DAYS, clean, freeable

MEASURED_SECONDS = 600
"""A large home has a million files: it is not looked through at every click."""


@st.cache_data(ttl=MEASURED_SECONDS, show_spinner="Measuring what may go …")
def freeable_parts(home: str, _settings: Settings, days: int) -> list[tuple[str, int]]:
    """What may go, and the bytes of each."""
    return [(one.what, one.bytes) for one in freeable(_settings, days)]


def draw_clean(settings: Settings, forget: Callable[[], None]) -> None:
    st.subheader("Free disk", anchor=False)
    st.caption(
        "Checkpoints of finished trainings (their models stay), thumbnails and caches that nobody used, and unfinished "
        "copies. Runs that compute or can be resumed, models, data sets, uploads and reviews are never touched."
    )
    now = actor()
    if now is None or not now.may(Act.FREE_DISK):
        st.caption("An admin may free it.")
        return
    days = st.number_input(
        "Not needed for so many days",
        LEAST_DAYS,
        MOST_DAYS,
        **url_number("days", DEFAULT_DAYS, LEAST_DAYS, MOST_DAYS),
        width=220,
    )
    found = freeable_parts(str(settings.home), settings, days)
    if not found:
        st.info("Nothing to free: all of it was needed since.", icon=":material/check:")
        return
    _draw_found(found)
    size = sum(size for _, size in found) / 1e6
    with st.popover(f"Free {size:,.1f} MB", icon=":material/delete_sweep:"):
        st.write("It cannot be brought back; what is missed is made again, and takes its time.")
        st.button("Free for good", key="disk_free", on_click=_free, args=(settings, days, forget))


def _draw_found(found: list[tuple[str, int]]) -> None:
    st.dataframe(
        pd.DataFrame(found, columns=["what", "size"]),
        hide_index=True,
        key="disk_freeable",
        column_config={"what": "What", "size": st.column_config.NumberColumn("Size", format="bytes")},
    )


def _free(settings: Settings, days: int, forget: Callable[[], None]) -> None:
    attempt(clean, settings, days)
    forget()
