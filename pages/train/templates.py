"""Where to begin: three templates, each of which fills the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages.train.form import set_field
from pages.train.split_default import reset_form
from wildcam.architectures.presets import PRESETS
from wildcam.data.splits import SplitPolicy


@dataclass(frozen=True)
class Template:
    """A preset, and the values in which the form differs from it."""

    title: str
    when: str
    preset: str
    values: Mapping[str, Any] = field(default_factory=dict)


TEMPLATES = (
    Template(
        "Quick and good (probe)",
        "A first model, few photos, or no GPU: only the last layer is trained, on pretrained features.",
        "probe",
    ),
    Template(
        "Fine-tune",
        "Many photos and a GPU: all layers are trained, from pretrained weights. Takes far longer.",
        "efficientnet_lite0",
    ),
    Template(
        "Reproduce the experiment",
        "Stage 1 as published, with its random split. Its scores are optimistic: locations are shared.",
        "empty_cnn",
        {"split": SplitPolicy.RANDOM},
    ),
)


def draw_templates(selected: str) -> None:
    """A button for each template; `selected`: the name of the form's preset."""
    cards = st.grid(len(TEMPLATES), min_column_width=220, border=True)
    for template in TEMPLATES:
        with cards.cell():
            st.button(
                template.title,
                icon=":material/check:" if template.preset == selected else ":material/edit_document:",
                width="stretch",
                key=f"train_template_{template.preset}",
                on_click=_fill,
                args=(template,),
                help="Fills the form. Every value of this preset is set again, also those that you changed.",
            )
            st.caption(template.when)


def _fill(template: Template) -> None:
    preset = PRESETS[template.preset]
    st.session_state["train_preset"] = preset.name
    reset_form(preset)
    for name, value in template.values.items():
        set_field(preset, name, value)
