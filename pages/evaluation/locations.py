"""Evaluation by location, by day and by night."""

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.evaluation.evaluated import Evaluated, share_column
from pages.widgets.chart import draw_download
from wildcam.evaluation.end_to_end import Light, by_light, by_location

NO_LOCATION = "no location"


def draw_locations(evaluated: Evaluated) -> None:
    columns: dict[str, ColumnConfig | str | None] = {
        "location": "Location",
        "light": "Light",
        "images": evaluated.unit.heading,
        "accuracy": share_column("Accuracy"),
        "missed_animals": share_column("Missed animals"),
    }
    light = by_light(evaluated.scored)
    if len(light):
        titles = light.assign(light=[Light(value).display for value in light["light"]])
        st.dataframe(titles, hide_index=True, key="evaluation_light", column_config=columns)
        st.caption("By the hour of the camera's clock.")
    locations = by_location(evaluated.scored)
    titles = locations.assign(location=locations["location"].replace("", NO_LOCATION))
    st.dataframe(titles, hide_index=True, key="evaluation_locations", column_config=columns)
    draw_download(locations, key="evaluation_locations_csv", name=evaluated.file("locations"))
