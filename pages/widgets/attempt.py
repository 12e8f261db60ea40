"""What a click asks for and may fail: a full disk, a run that ended meanwhile, a role that is not enough."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.disk import refusals_named
from wildcam.errors import WildcamError
from wildcam.settings import load_settings

_FAILURE = "failed_attempt"


def attempt(act: Callable[..., object], *arguments: object) -> None:
    """Do it, as the callback of a widget; where it fails, the page that is drawn next says why."""
    succeeds(act, *arguments)


def succeeds(act: Callable[..., object], *arguments: object) -> bool:
    """Do it, and tell whether it was done; if not, the page that is drawn next says why."""
    try:
        with refusals_named(load_settings().home):
            act(*arguments)
    except WildcamError as error:
        st.session_state[_FAILURE] = str(error)
        return False
    return True


def draw_failed_attempt() -> None:
    """Why the last one did not happen, once."""
    if failure := st.session_state.pop(_FAILURE, ""):
        st.error(literal(failure), icon=":material/error:")
