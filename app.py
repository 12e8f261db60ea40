"""WildCam's web app: its menu and pages. Start it with `make run`."""

import streamlit as st

from pages.widgets.dataset import warn_of_missing_dataset
from pages.widgets.kept import restore_kept
from pages.widgets.markdown import literal
from pages.widgets.menu import draw_sidebar
from wildcam.errors import WildcamError
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

# One folder below `pages/`: Streamlit takes files directly in `pages/` for an app of the older kind, and would
# serve the first deep link after a start without this file.
GROUPS = {
    "": [st.Page("pages/home/page.py", title="Home", icon=":material/home:", default=True)],
    "Photos": [
        st.Page("pages/explore/page.py", title="Explore", url_path="explore", icon=":material/travel_explore:"),
        st.Page("pages/add/page.py", title="Add data", url_path="add", icon=":material/add_photo_alternate:"),
    ],
    "Identify": [
        st.Page("pages/identify/page.py", title="Identify", url_path="identify", icon=":material/pets:"),
        st.Page("pages/batch/page.py", title="Batch", url_path="batch", icon=":material/photo_library:"),
        st.Page("pages/evaluation/page.py", title="Evaluation", url_path="evaluation", icon=":material/fact_check:"),
    ],
    "Models": [
        st.Page("pages/train/page.py", title="Train", url_path="train", icon=":material/model_training:"),
        st.Page("pages/runs/page.py", title="Runs", url_path="runs", icon=":material/monitoring:"),
    ],
    "Learn": [
        st.Page("pages/studies/page.py", title="Studies", url_path="studies", icon=":material/science:"),
        st.Page("pages/glossary/page.py", title="Glossary", url_path="glossary", icon=":material/dictionary:"),
    ],
}

page = st.navigation([page for pages in GROUPS.values() for page in pages], position="hidden")
st.set_page_config(page_title=f"{page.title} · WildCam", page_icon="🐾", layout="wide")
restore_kept()
try:
    draw_sidebar(GROUPS, RunStore(load_settings()))
    warn_of_missing_dataset()
    page.run()
except WildcamError as error:
    st.error(literal(str(error)), icon=":material/error:")
