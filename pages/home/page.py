"""What is here, and what to do next."""

import streamlit as st

from wildcam.data.catalog import list_datasets
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import list_bundles
from wildcam.settings import load_settings


def _draw_counts(datasets: int, images: int, runs: int, running: int, models: int) -> None:
    columns = st.columns(4)
    columns[0].metric("Data sets", datasets, border=True)
    columns[1].metric("Photos", f"{images:,}", border=True)
    columns[2].metric("Training runs", runs, f"{running} running" if running else None, delta_arrow="off", border=True)
    columns[3].metric("Models ready to use", models, border=True)


def _draw_step(icon: str, title: str, text: str, page: str, label: str) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"#### :material/{icon}: {title}")
        st.write(text)
        st.page_link(page, label=label, icon=":material/arrow_forward:")


settings = load_settings()
datasets = list_datasets(settings.datasets_dir)
runs = RunStore(settings).all(Kind.TRAIN)
bundles = list_bundles(settings.models)

st.title("WildCam")
st.write(
    "Look at photos from camera traps, train models on them, and ask the models what they see: "
    "first whether a photo is empty, then which species it shows."
)
_draw_counts(
    len(datasets),
    sum(info.images for info in datasets),
    len(runs),
    sum(run.state.is_live for run in runs),
    len(bundles),
)
st.subheader("What to do next")
if not datasets:
    st.info(
        "There is no data set yet. Add your own; or draw a small one to try things out, in a terminal: "
        "`python -m wildcam demo`.",
        icon=":material/info:",
    )
    st.page_link("pages/add/page.py", label="Add data", icon=":material/add_photo_alternate:")
steps = st.columns(3)
with steps[0]:
    _draw_step(
        "travel_explore",
        "Explore",
        "How many photos of which species, how much is empty, and which species a "
        "split by camera would leave out of training.",
        "pages/explore/page.py",
        "Look at the data",
    )
with steps[1]:
    _draw_step(
        "model_training",
        "Train",
        "Start one of the experiments and watch it learn. It goes on when this page is closed.",
        "pages/train/page.py",
        "Start a run",
    )
with steps[2]:
    _draw_step(
        "pets",
        "Identify",
        "Drop a photo and read what two models say, with four looks each, and how they voted.",
        "pages/identify/page.py",
        "Ask about a photo",
    )
