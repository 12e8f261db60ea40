"""The presets: a select box, and all of them side by side as cards."""

import streamlit as st

from pages.widgets.glossary import glossary_help
from pages.widgets.kept import keep
from wildcam.architectures.parameters import count_parameters
from wildcam.architectures.presets import PRESETS, Preset
from wildcam.training.compute_device import default_preset

CLASSES = 215
"""Classes of the experiments on iWildCam 2020; parameters are counted for this many."""


def choose_preset() -> Preset:
    """Draw the select box, the card of the selected preset, and the other presets; the one selected."""
    name = st.selectbox(
        "Preset",
        list(PRESETS),
        list(PRESETS).index(_default()),
        format_func=lambda key: PRESETS[key].title,
        key=keep("train_preset"),
        help=glossary_help("preset"),
    )
    preset = PRESETS[name]
    with st.container(border=True):
        st.markdown(f"#### {preset.title}")
        st.caption(_facts(preset))
        st.write(preset.description)
        st.caption(f"Reported: {preset.reported}")
    with st.expander("Compare presets", icon=":material/grid_view:"):
        _draw_cards(name)
    return preset


@st.cache_data(ttl=600, show_spinner=False)
def _default() -> str:
    return default_preset()


def _draw_cards(selected: str) -> None:
    cards = st.grid(3, min_column_width=220, border=True)
    for name, preset in PRESETS.items():
        with cards.cell():
            st.markdown(f"**{preset.title}**")
            st.caption(_facts(preset))
            st.caption(preset.reported)
            st.button(
                "Selected" if name == selected else "Select",
                key=f"train_select_{name}",
                disabled=name == selected,
                on_click=_select,
                args=(name,),
            )


def _facts(preset: Preset) -> str:
    count = count_parameters(preset.name, CLASSES, preset.image_size)
    share = f"{count.trainable / 1e6:.1f} of {count.total / 1e6:.1f} million parameters trainable"
    return f"{preset.framework.display} · {preset.image_size} × {preset.image_size} px · {share}"


def _select(name: str) -> None:
    st.session_state["train_preset"] = name
