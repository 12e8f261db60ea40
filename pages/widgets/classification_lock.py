"""One classification at a time, whatever the number of sessions, and on whichever page."""

import streamlit as st

from wildcam.serving.fair_lock import FairLock


@st.cache_resource
def classification_lock() -> FairLock:
    """One queue for all: two models at once would only share the same cores."""
    return FairLock()
