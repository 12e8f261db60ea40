"""An empty home: three doors to a first data set."""

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.counting import counted
from wildcam.demo.dataset import DEMO_NAME, make_demo_dataset
from wildcam.errors import WildcamError
from wildcam.settings import Settings

DEMO_IMAGES = 600
"""Drawn in about a minute; enough to explore, and to train the small network on."""


def draw_doors(settings: Settings) -> None:
    st.write("Bring your photos, or begin with drawn ones.")
    folders, known, demo = st.columns(3)
    with folders, st.container(border=True, height="stretch"):
        st.markdown("#### :material/folder_open: Folders of photos")
        st.write("One folder for each class, or photos without labels.")
        st.page_link("pages/add/page.py", label="Add folders", icon=":material/arrow_forward:")
    with known, st.container(border=True, height="stretch"):
        st.markdown("#### :material/table: An existing data set")
        st.write("COCO Camera Traps, Camtrap DP, iWildCam, WILDS, Timelapse, a table of labels.")
        st.page_link("pages/add/page.py", label="Add a data set", icon=":material/arrow_forward:")
    with demo, st.container(border=True, height="stretch"):
        st.markdown("#### :material/draw: The demo")
        st.write(f"{DEMO_IMAGES} drawn photos of a made-up park, with labels, locations and times.")
        if st.button("Create the demo", icon=":material/draw:", key="home_demo", width="stretch"):
            _make_demo(settings)


def _make_demo(settings: Settings) -> None:
    bar = st.progress(0.0, "Drawing photos …")

    def show(done: int, total: int) -> None:
        bar.progress(done / total, f"{done:,} of {counted(total, 'photo')} drawn")

    try:
        make_demo_dataset(settings, images=DEMO_IMAGES, progress=show)
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    st.query_params["dataset"] = DEMO_NAME
    st.rerun()
