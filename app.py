"""WildCam's web app: its menu and pages. Start it with `make run`."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.widgets.dataset import warn_of_missing_dataset
from pages.widgets.kept import restore_kept
from pages.widgets.markdown import literal
from pages.widgets.sidebar import draw_sidebar
from wildcam.errors import WildcamError
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings


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
        ],
        "Learn": [
            st.Page("pages/studies/page.py", title="Studies", url_path="studies", icon=":material/science:"),
            st.Page("pages/glossary/page.py", title="Glossary", url_path="glossary", icon=":material/dictionary:"),
        ],
    }


def _live_runs() -> list[Run]:
    """Nothing where the store does not answer: the page says so."""
    try:
        return RunStore(load_settings()).live()
    except WildcamError:
        return []


live_runs = _live_runs()
page = st.navigation(_menu(len(live_runs)), expanded=True)
st.set_page_config(page_title=f"{page.title} · WildCam", page_icon="🐾", layout="wide")
restore_kept()
try:
    draw_sidebar(load_settings(), is_live=bool(live_runs))
    warn_of_missing_dataset()
    page.run()
except WildcamError as error:
    st.error(literal(str(error)), icon=":material/error:")
