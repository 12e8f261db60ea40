"""Which runs are open: one as `?run=RUN`, several to compare as `?compare=RUN,RUN`. The ticks of the table write it."""

import streamlit as st

from pages.widgets.run import fitting_ids, warn_of_link
from wildcam.runs.run import Run


def read_chosen(runs: list[Run]) -> list[Run]:
    """The runs that the address names, in its order. What fits no run, or several, is said and left out.

    An address has an id, its beginning, or a name. What it says is replaced by the ids.
    """
    by_id = {run.id: run for run in runs}
    given = list(filter(None, st.query_params.get("compare", "").split(",")))
    chosen: list[Run] = []
    for linked in given or list(filter(None, [st.query_params.get("run", "")])):
        fitting = fitting_ids(runs, linked)
        if len(fitting) == 1:
            chosen.append(by_id[fitting[0]])
        else:
            warn_of_link(linked, len(fitting), "It is left out.")
    write_chosen([run.id for run in chosen])
    return chosen


def write_chosen(ids: list[str]) -> None:
    """Put the runs into the address; the same again changes nothing."""
    wanted = {"run": ids[0] if len(ids) == 1 else "", "compare": ",".join(ids) if len(ids) > 1 else ""}
    for name, value in wanted.items():
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)
