"""WildCam's web app: its menu and pages. Start it with `make run`."""

import sys

import streamlit as st
from streamlit.navigation.page import StreamlitPage


def _menu(live: int) -> dict[str, list[StreamlitPage]]:
    """The pages in groups; Runs with the number of those that compute or wait.

    One folder below `pages/`: Streamlit takes files directly in `pages/` for an app of the older kind, and would
    serve the first deep link after a start without this file.
    """
    runs = f"Runs ({live} live)" if live else "Runs"
    return {
        "": [st.Page("pages/home/page.py", title="Home", icon=":material/home:", default=True)],
        "Photos": [
            st.Page("pages/explore/page.py", title="Explore", url_path="explore", icon=":material/travel_explore:"),
            st.Page("pages/add/page.py", title="Add data", url_path="add", icon=":material/add_photo_alternate:"),
            st.Page("pages/review/page.py", title="Review", url_path="review", icon=":material/rate_review:"),
        ],
        "Identify": [
            st.Page("pages/identify/page.py", title="Identify", url_path="identify", icon=":material/pets:"),
            st.Page("pages/batch/page.py", title="Batch", url_path="batch", icon=":material/photo_library:"),
            st.Page(
                "pages/evaluation/page.py", title="Evaluation", url_path="evaluation", icon=":material/fact_check:"
            ),
        ],
        "Models": [
            st.Page("pages/train/page.py", title="Train", url_path="train", icon=":material/model_training:"),
            st.Page("pages/runs/page.py", title=runs, url_path="runs", icon=":material/monitoring:"),
            st.Page("pages/models/page.py", title="Models", url_path="models", icon=":material/badge:"),
            st.Page("pages/disk/page.py", title="Disk", url_path="disk", icon=":material/hard_drive:"),
        ],
        "Learn": [
            st.Page("pages/studies/page.py", title="Studies", url_path="studies", icon=":material/science:"),
            st.Page("pages/glossary/page.py", title="Glossary", url_path="glossary", icon=":material/dictionary:"),
        ],
    }


def _live_runs() -> int:
    """How many runs compute or wait; 0 before the run store was first opened, and where it does not answer.

    Streamlit calls a deep link after a start "not found" until the script has come to `st.navigation` once, so nothing
    that takes seconds may stand before it.
    """
    if "wildcam.runs.store" not in sys.modules:
        return 0
    from wildcam.errors import WildcamError
    from wildcam.runs.store import RunStore
    from wildcam.runs.tracking import connect
    from wildcam.settings import load_settings

    if not connect.cache_info().currsize:
        return 0
    try:
        return len(RunStore(load_settings()).live())
    except WildcamError:
        return 0  # the page says so


def _run(page: StreamlitPage, live: int) -> None:
    from pages.widgets.attempt import draw_failed_attempt
    from pages.widgets.dataset import warn_of_missing_dataset
    from pages.widgets.disk import warn_of_disk
    from pages.widgets.kept import restore_kept
    from pages.widgets.markdown import literal
    from pages.widgets.sidebar import draw_sidebar
    from pages.widgets.visitor import is_let_in
    from wildcam.disk import refusals_named
    from wildcam.errors import WildcamError
    from wildcam.settings import load_settings

    settings = load_settings()
    try:
        with refusals_named(settings.home):
            if not is_let_in():
                return
            restore_kept()
            draw_sidebar(settings, is_live=live > 0)
            draw_failed_attempt()
            warn_of_disk(settings)
            warn_of_missing_dataset()
            page.run()
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")


live_runs = _live_runs()
page = st.navigation(_menu(live_runs), expanded=True)
st.set_page_config(page_title=f"{page.title} · WildCam", page_icon="🐾", layout="wide")
_run(page, live_runs)
