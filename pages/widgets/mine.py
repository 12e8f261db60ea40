"""A switch that leaves what the visitor made; only where visitors log in."""

import streamlit as st

from pages.widgets.url_state import url_switch
from wildcam.accounts.acting import actor_name
from wildcam.accounts.login_mode import login_mode
from wildcam.settings import LoginMode, load_settings


def choose_mine(what: str, *, forget: tuple[str, ...] = ()) -> str:
    """The name of the visitor, whose runs or data sets alone are wanted; "" for everybody's. Kept as `?mine=yes`.

    `forget`: parameters of the address that may name what is hidden now.
    """
    if login_mode(load_settings()) is LoginMode.NONE:
        return ""
    is_wanted = st.toggle("Mine", help=f"Only {what} that you made.", **url_switch("mine", forget=forget))
    return actor_name() if is_wanted else ""
