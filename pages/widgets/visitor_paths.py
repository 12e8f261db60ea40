"""The paths that a visitor of this server may name and see."""

import streamlit as st

from wildcam.data_roots import DataRoots
from wildcam.settings import load_settings


def visitor_roots() -> DataRoots:
    """By the settings, and by the address that this server listens on."""
    return DataRoots.of_visitors(load_settings(), st.get_option("server.address"))
