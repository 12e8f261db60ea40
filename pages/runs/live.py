"""A part of a run's page that is drawn again while the run lives."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore

REFRESH_SECONDS = 1.0


def draw_live(
    store: RunStore,
    run: Run,
    draw: Callable[[Run], None],
    *,
    paused: bool = False,
    every: float = REFRESH_SECONDS,
) -> None:
    """Draw the run; while it lives and is not paused, every so many seconds. At its end the whole page follows."""
    ticks = run.state.is_live and not paused
    st.fragment(_tick, run_every=every if ticks else None)(store, run.id, run.state.is_live, draw)


def _tick(store: RunStore, run_id: str, was_live: bool, draw: Callable[[Run], None]) -> None:
    try:
        run = store.get(run_id)
        draw(run)
    except WildcamError as error:
        st.error(literal(str(error)))
        return
    if was_live and not run.state.is_live:
        st.rerun()
