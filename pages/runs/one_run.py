"""One run, in tabs that the address keeps as `?tab=SLUG`."""

import streamlit as st

from pages.runs.curves import draw_curves
from pages.runs.errors import draw_errors
from pages.runs.files import draw_files
from pages.runs.live import draw_live
from pages.runs.overview import draw_overview
from pages.runs.recipe import draw_recipe
from pages.widgets.markdown import literal
from pages.widgets.segments import choose_segment
from wildcam.choice import Choice
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore

ERRORS_SECONDS = 5.0
"""How often the errors of a live run, which change with an epoch, are drawn again."""


class Tab(Choice):
    """Of a training run."""

    OVERVIEW = "overview", "Overview"
    CURVES = "curves", "Curves"
    ERRORS = "errors", "Errors"
    RECIPE = "recipe", "Recipe"
    FILES = "files", "Files"


class JobTab(Choice):
    """Of a run that trains nothing: those of `Tab` that mean something there."""

    OVERVIEW = "overview", "Overview"
    RECIPE = "recipe", "Parameters"
    FILES = "files", "Files"


def draw_run(store: RunStore, run: Run) -> None:
    st.subheader(literal(run.name), anchor=False)
    tab = choose_segment("Tab", Tab, "tab") if run.kind is Kind.TRAIN else choose_segment("Tab", JobTab, "tab")
    match Tab(str(tab)):
        case Tab.OVERVIEW:
            draw_overview(store, run)
        case Tab.CURVES:
            draw_curves(store, run)
        case Tab.ERRORS:
            draw_live(store, run, draw_errors, every=ERRORS_SECONDS)
        case Tab.RECIPE:
            draw_recipe(run)
        case Tab.FILES:
            draw_files(store, run)
