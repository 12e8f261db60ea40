"""The presets: a chooser, and all of them side by side as cards."""

import streamlit as st

from wildcam.architectures.parameters import count_parameters
from wildcam.architectures.presets import PRESETS, Framework, Preset

FRAMEWORK_TITLES = {Framework.KERAS: "Keras", Framework.FASTAI: "fastai"}
CLASSES = 215
"""Species of iWildCam 2020: parameters are compared for so many."""


def choose_preset() -> Preset:
    """Draw the chooser, what is chosen, and the others; the preset."""
    name = st.selectbox(
        "Preset",
        list(PRESETS),
        format_func=lambda key: PRESETS[key].title,
        key="train_preset",
        help="A named experiment; every one of its values can be changed below.",
    )
    preset = PRESETS[name]
    with st.container(border=True):
        st.markdown(f"#### {preset.title}")
        st.caption(_facts(preset))
        st.write(preset.description)
        st.caption(f"What the experiment reported: {preset.reported}")
    with st.expander("All presets side by side", icon=":material/grid_view:"):
        _draw_cards(name)
    return preset


def _draw_cards(chosen: str) -> None:
    cards = st.grid(3, min_column_width=220, border=True)
    for name, preset in PRESETS.items():
        with cards.cell():
            st.markdown(f"**{preset.title}**")
            st.caption(_facts(preset))
            st.caption(preset.reported)
            st.button(
                "Chosen" if name == chosen else "Choose",
                key=f"train_choose_{name}",
                disabled=name == chosen,
                on_click=_choose,
                args=(name,),
            )


def _facts(preset: Preset) -> str:
    count = count_parameters(preset.name, CLASSES, preset.image_size)
    share = f"{count.trainable / 1e6:.1f} of {count.total / 1e6:.1f} million parameters trained"
    return f"{FRAMEWORK_TITLES[preset.framework]} · {preset.image_size} × {preset.image_size} px · {share}"


def _choose(name: str) -> None:
    st.session_state["train_preset"] = name
