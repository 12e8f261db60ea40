"""The presets: templates to begin with, a select box, and a table of what differs."""

import pandas as pd
import streamlit as st

from pages.train.templates import draw_templates
from pages.widgets.glossary import glossary_help
from pages.widgets.kept import keep
from wildcam.architectures.parameters import count_parameters
from wildcam.architectures.presets import PRESETS, Preset
from wildcam.training.compute_device import default_preset

CLASSES = 215
"""Classes of the experiments on iWildCam 2020; parameters are counted for this many."""


def choose_preset() -> Preset:
    """Draw the templates, the select box with what the selected preset is, and the table; the one selected."""
    key = keep("train_preset")
    st.session_state.setdefault(key, _default())
    draw_templates(st.session_state[key])
    name = st.selectbox(
        "Preset",
        list(PRESETS),
        format_func=lambda one: PRESETS[one].title,
        key=key,
        help=glossary_help("preset"),
    )
    preset = PRESETS[name]
    st.write(preset.description)
    st.caption(f"{_facts(preset)}. Reported: {preset.reported}")
    with st.expander("Which preset when", icon=":material/table:"):
        _draw_table()
    return preset


@st.cache_data(ttl=600, show_spinner=False)
def _default() -> str:
    return default_preset()


def _draw_table() -> None:
    """What differs, a row a preset."""
    rows = [
        {
            "Preset": preset.title,
            "Choose it": preset.when,
            "Tasks": ", ".join(task.display for task in preset.tasks),
            "Input (px)": preset.image_size,
            "Trained": count_parameters(preset.name, CLASSES, preset.image_size).trainable / 1e6,
            "Framework": preset.framework.display,
        }
        for preset in PRESETS.values()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="train_presets",
        column_config={
            "Preset": st.column_config.TextColumn(pinned=True),
            "Choose it": st.column_config.TextColumn(width="large"),
            "Trained": st.column_config.NumberColumn(
                "Trained (million)", format="%.1f", help="Parameters that are trained, with 215 classes."
            ),
        },
    )


def _facts(preset: Preset) -> str:
    count = count_parameters(preset.name, CLASSES, preset.image_size)
    share = f"{count.trainable / 1e6:.1f} of {count.total / 1e6:.1f} million parameters trainable"
    return f"{preset.framework.display} · {preset.image_size} × {preset.image_size} px · {share}"
