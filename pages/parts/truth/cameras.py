"""Against the truth, by camera, by day and by night."""

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.parts.explore.chart import draw_download
from pages.parts.truth.evaluated import Evaluated, share_column
from wildcam.evaluation.end_to_end import by_camera, by_light


def draw_cameras(evaluated: Evaluated) -> None:
    columns: dict[str, ColumnConfig | str | None] = {
        "location": "Camera", "light": "When", "photographs": evaluated.things.capitalize(),
        "accuracy": share_column("Right"),
        "animals_lost": share_column("Animals lost"),
    }  # fmt: skip
    light = by_light(evaluated.judged)
    if len(light):
        st.dataframe(light, hide_index=True, key="truth_light", column_config=columns)
        st.caption("By the hour of the camera's clock.")
    cameras = by_camera(evaluated.judged)
    st.dataframe(cameras, hide_index=True, key="truth_cameras", column_config=columns)
    draw_download(cameras, key="truth_cameras_csv", name=evaluated.file("cameras"))
