"""What every page says while the home's disk is full or read only."""

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.disk import obstacle_of
from wildcam.settings import Settings


def warn_of_disk(settings: Settings) -> None:
    """Nothing where the home can be written."""
    if obstacle := obstacle_of(settings.home):
        st.warning(literal(obstacle), icon=":material/hard_drive:")
