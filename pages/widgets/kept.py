"""Values of a form that survive a visit to another page: Streamlit forgets widgets that are not drawn."""

import streamlit as st

_KEPT = "kept_keys"


def keep(key: str) -> str:
    """The key of a widget whose value is kept for the session. Not for buttons, whose value cannot be set."""
    st.session_state.setdefault(_KEPT, set()).add(key)
    return key


def restore_kept() -> None:
    """Call it once in every run of the app, before the page: a value that is set again is not forgotten."""
    for key in st.session_state.get(_KEPT, ()):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
