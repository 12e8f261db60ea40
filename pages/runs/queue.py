"""The queue of waiting runs, whose order may be changed."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.runs.run import Run
from wildcam.runs.states import Lane
from wildcam.runs.store import RunStore


def draw_queue(store: RunStore) -> None:
    """A line for every waiting run, by lane; nothing where none waits."""
    queues = {lane: store.queue(lane) for lane in Lane}
    for lane, waiting in queues.items():
        if waiting:
            st.subheader(f"Queue: {lane.display.lower()}" if all(queues.values()) else "Queue")
            _draw_lane(store, waiting)


def _draw_lane(store: RunStore, waiting: list[Run]) -> None:
    for position, run in enumerate(waiting, start=1):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f"**{position}**", width="content")
            st.text(run.name, width="stretch")
            st.button(
                "Move up",
                icon=":material/arrow_upward:",
                key=f"runs_move_up_{run.id}",
                disabled=position == 1,
                on_click=_change,
                args=(store.move, run.id, position - 1),
            )
            st.button(
                "Move down",
                icon=":material/arrow_downward:",
                key=f"runs_move_down_{run.id}",
                disabled=position == len(waiting),
                on_click=_change,
                args=(store.move, run.id, position + 1),
            )
            st.button(
                "Cancel",
                icon=":material/close:",
                key=f"runs_cancel_{run.id}",
                on_click=_change,
                args=(store.cancel, run.id),
            )


def _change(action: Callable[..., None], *arguments: object) -> None:
    """Do it, or show why it cannot be done: the run may have started since the page was drawn."""
    try:
        action(*arguments)
    except WildcamError as error:
        st.toast(literal(str(error)), icon=":material/info:")
