"""Runs that wait, in their order, which may be changed."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.runs.store import RunStore


def draw_queue(store: RunStore) -> None:
    """A line for every waiting run; nothing where none waits."""
    waiting = store.queue()
    if not waiting:
        return
    st.subheader("The queue")
    for position, run in enumerate(waiting, start=1):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f"**{position}**", width="content")
            st.text(run.name, width="stretch")
            st.button(
                "Earlier",
                icon=":material/arrow_upward:",
                key=f"runs_earlier_{run.id}",
                disabled=position == 1,
                on_click=_do,
                args=(store.move, run.id, position - 1),
            )
            st.button(
                "Later",
                icon=":material/arrow_downward:",
                key=f"runs_later_{run.id}",
                disabled=position == len(waiting),
                on_click=_do,
                args=(store.move, run.id, position + 1),
            )
            st.button(
                "Cancel",
                icon=":material/close:",
                key=f"runs_cancel_{run.id}",
                on_click=_do,
                args=(store.cancel, run.id),
            )


def _do(action: Callable[..., None], *words: object) -> None:
    """Carry it out; the run may have begun since the page was drawn."""
    try:
        action(*words)
    except WildcamError as error:
        st.toast(literal(str(error)), icon=":material/info:")
