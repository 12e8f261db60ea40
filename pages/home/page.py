"""Counts of data sets, runs and models, and links to the next steps."""

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
    columns[3].metric("Exported models", models, border=True)


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
    "Explore camera-trap photos, train classifiers on them, and identify new photos in two stages: "
    "empty or animal, then species."
)
_draw_counts(
    len(datasets),
    sum(info.images for info in datasets),
    len(runs),
    sum(run.state.is_live for run in runs),
    len(bundles),
)
st.subheader("Next steps")
if not datasets:
    st.info(
        "There is no data set yet. Add your own, or create a small demo in a terminal: `python -m wildcam demo`.",
        icon=":material/info:",
    )
    st.page_link("pages/add/page.py", label="Add data", icon=":material/add_photo_alternate:")
steps = st.columns(3)
with steps[0]:
    _draw_step(
        "travel_explore",
        "Explore",
        "Photos per species and location, the share of empty photos, image quality, and train/test splits.",
        "pages/explore/page.py",
        "Explore data",
    )
with steps[1]:
    _draw_step(
        "model_training",
        "Train",
        "Start a training run and follow its curves. It continues when this page is closed.",
        "pages/train/page.py",
        "Start training",
    )
with steps[2]:
    _draw_step(
        "pets",
        "Identify",
        "Upload photos for a two-stage prediction by several views each (test-time augmentation).",
        "pages/identify/page.py",
        "Identify photos",
    )
