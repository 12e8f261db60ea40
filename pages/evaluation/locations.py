"""Against the truth, by camera, by day and by night."""

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.evaluation.evaluated import Evaluated, share_column
from pages.widgets.chart import draw_download
from wildcam.evaluation.end_to_end import by_light, by_location


def draw_locations(evaluated: Evaluated) -> None:
    columns: dict[str, ColumnConfig | str | None] = {
        "location": "Camera",
        "light": "When",
        "images": evaluated.things.capitalize(),
        "accuracy": share_column("Right"),
        "missed_animals": share_column("Animals lost"),
    }
    light = by_light(evaluated.scored)
    if len(light):
        st.dataframe(light, hide_index=True, key="truth_light", column_config=columns)
        st.caption("By the hour of the camera's clock.")
    locations = by_location(evaluated.scored)
    st.dataframe(locations, hide_index=True, key="truth_cameras", column_config=columns)
    draw_download(locations, key="truth_cameras_csv", name=evaluated.file("locations"))
