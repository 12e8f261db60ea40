"""WildCam's web app: the menu and its screens. Start it with `make run`."""

import streamlit as st

from pages.parts.markdown import literal
from wildcam.errors import WildcamError

# One folder below `pages/`: Streamlit takes files directly in `pages/` for an app of the older kind, and would
# serve the first deep link after a start without this file.
SCREENS = [
    st.Page("pages/screens/home.py", title="Home", icon=":material/home:", default=True),
    st.Page("pages/screens/explore.py", title="Explore", icon=":material/travel_explore:"),
    st.Page("pages/screens/add.py", title="Add data", icon=":material/add_photo_alternate:"),
    st.Page("pages/screens/train.py", title="Train", icon=":material/model_training:"),
    st.Page("pages/screens/runs.py", title="Runs", icon=":material/monitoring:"),
    st.Page("pages/screens/identify.py", title="Identify", icon=":material/pets:"),
    st.Page("pages/screens/batch.py", title="Batch", icon=":material/photo_library:"),
    st.Page("pages/screens/studies.py", title="Studies", icon=":material/science:"),
]

screen = st.navigation(SCREENS)
st.set_page_config(page_title=f"{screen.title} · WildCam", page_icon="🐾", layout="wide")
try:
    screen.run()
except WildcamError as error:
    st.error(literal(str(error)), icon=":material/error:")
