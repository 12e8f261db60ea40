"""Disk: what the home takes, by kind, and freeing what nobody needs."""

import shutil

import pandas as pd
import streamlit as st

from pages.disk.clean import MEASURED_SECONDS, draw_clean, freeable_parts
from wildcam.settings import Settings, load_settings
from wildcam.upkeep.disk_use import DiskUse, measure


@st.cache_data(ttl=MEASURED_SECONDS, show_spinner="Measuring the home …")
def _measured(home: str, _settings: Settings) -> list[DiskUse]:
    return measure(_settings)


def _draw_totals(settings: Settings, uses: list[DiskUse]) -> None:
    disk = shutil.disk_usage(settings.home)
    home, free, size = st.columns(3)
    home.metric("Home", sum(use.bytes for use in uses), format="bytes", border=True)
    free.metric("Free on its disk", disk.free, format="bytes", border=True)
    size.metric("Size of its disk", disk.total, format="bytes", border=True)


def _draw_parts(uses: list[DiskUse]) -> None:
    total = sum(use.bytes for use in uses) or 1
    rows = [(use.part.display, use.bytes, use.bytes / total, use.files) for use in uses]
    st.dataframe(
        pd.DataFrame(rows, columns=["part", "size", "share", "files"]),
        hide_index=True,
        key="disk_parts",
        column_config={
            "part": "What",
            "size": st.column_config.NumberColumn("Size", format="bytes"),
            "share": st.column_config.ProgressColumn("Share", format="percent", max_value=1.0),
            "files": st.column_config.NumberColumn("Files", format="localized"),
        },
    )


def _forget() -> None:
    _measured.clear()
    freeable_parts.clear()


settings = load_settings()
st.title("Disk")
st.write("What WildCam keeps on the server's disk. Photos outside its home are not in it.")
uses = _measured(str(settings.home), settings) if settings.home.exists() else []
if not uses:
    st.info("The home is empty.", icon=":material/info:")
    st.stop()
_draw_totals(settings, uses)
_draw_parts(uses)
st.button(
    "Measure again",
    icon=":material/refresh:",
    key="disk_again",
    on_click=_forget,
    help=f"It is measured at most every {MEASURED_SECONDS // 60} minutes.",
)
draw_clean(settings, _forget)
