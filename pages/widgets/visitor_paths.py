"""The paths that a visitor of this server may name and see."""

import streamlit as st

from wildcam.accounts.acting import actor
from wildcam.accounts.login_mode import login_mode
from wildcam.accounts.roles import Act
from wildcam.data_roots import DataRoots
from wildcam.settings import LoginMode, load_settings


def visitor_roots() -> DataRoots:
    """By the role where a login is demanded, else by the settings and the address that this server listens on."""
    settings = load_settings()
    if login_mode(settings) is LoginMode.NONE:
        return DataRoots.of_visitors(settings, st.get_option("server.address"))
    now = actor()
    return DataRoots(None) if now and now.may(Act.NAME_SERVER_PATH) else DataRoots.of_settings(settings)
