"""Home, one live screen: photos with their answers, what runs now, data sets with their next step, models."""

import streamlit as st

from pages.home.datasets import draw_damaged_datasets, draw_datasets
from pages.home.doors import draw_doors
from pages.home.finding import draw_finding
from pages.home.last_result import draw_last_result
from pages.home.live import draw_live
from pages.home.models import draw_models
from pages.home.photos import draw_photos
from pages.home.try_out import draw_try_out
from pages.widgets.damage import damage_shown
from wildcam.data.catalog import list_datasets
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

settings = load_settings()
store = RunStore(settings)
datasets = list_datasets(settings.datasets_dir)

st.title("WildCam")
if datasets:
    with damage_shown():
        draw_photos(store)
else:
    draw_doors(settings)
with st.container(horizontal=True):
    if st.button("Identify my photos", type="primary", icon=":material/pets:", key="home_identify", width="stretch"):
        st.switch_page("pages/identify/page.py")
    if st.button("Train a model", icon=":material/model_training:", key="home_train", width="stretch"):
        st.switch_page("pages/train/page.py")
draw_live(store)
draw_damaged_datasets(store)
try_out = st.container()  # filled in last: its first photos take a while to draw
if datasets:
    draw_last_result(store)
    draw_datasets(store, datasets)
draw_models(settings)
draw_finding(settings)
with try_out:
    draw_try_out(settings)
