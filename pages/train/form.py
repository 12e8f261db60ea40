"""The form of a recipe, made of the recipe's own fields."""

from itertools import groupby
from operator import attrgetter
from typing import Any

import streamlit as st

from pages.widgets.kept import keep
from wildcam.architectures.presets import Preset
from wildcam.training.recipe_form import FormField, form_fields

COLUMNS = 3
BASIC = ("task", "split", "max_train_images", "head_epochs", "epochs")
"""The fields in view; all others are under Advanced."""


def draw_basics(preset: Preset) -> dict[str, Any]:
    """Draw the few fields that decide what is learned and how long it takes; the values as they stand."""
    return _draw_fields(preset, [field for field in form_fields(preset) if field.name in BASIC])


def draw_advanced(preset: Preset) -> dict[str, Any]:
    """Draw every other field that the preset uses, group by group; the values as they stand."""
    values: dict[str, Any] = {}
    for group, fields in groupby(_advanced(preset), key=lambda field: field.group):
        st.markdown(f"**{group}**")
        values |= _draw_fields(preset, list(fields))
    return values


def is_edited(preset: Preset) -> bool:
    """Whether a field under Advanced has another value than the preset's."""
    return any(
        st.session_state.get(field_key(preset, field.name), field.default) != field.default
        for field in _advanced(preset)
    )


def _advanced(preset: Preset) -> list[FormField]:
    return [field for field in form_fields(preset) if field.name not in BASIC]


def _draw_fields(preset: Preset, fields: list[FormField]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    columns = st.columns(COLUMNS)
    for position, field in enumerate(fields):
        with columns[position % COLUMNS]:
            values[field.name] = _draw_field(field, keep(field_key(preset, field.name)))
    return values


def field_key(preset: Preset, name: str) -> str:
    """The key under which a field's value lives in the session; each preset has its own values."""
    return f"train_{preset.name}_{name}"


def set_field(preset: Preset, name: str, value: Any) -> None:
    """Give a field another value; call it before the form is drawn, or in a callback."""
    st.session_state[field_key(preset, name)] = value


def reset_fields(preset: Preset) -> None:
    """Give every field the preset's value again; call it in a callback."""
    for field in form_fields(preset):
        set_field(preset, field.name, field.default)


def _draw_field(field: FormField, key: str) -> Any:
    st.session_state.setdefault(key, field.default)
    if field.kind is bool:
        return st.checkbox(field.label, key=key, help=field.help)
    if field.choices:
        return st.selectbox(field.label, field.choices, key=key, help=field.help, format_func=attrgetter("display"))
    if field.kind is str:
        return st.text_input(field.label, key=key, help=field.help)
    step, shown = (1, "%d") if field.kind is int else (0.0001, "%.6f") if field.is_small else (0.01, "%.2f")
    return st.number_input(field.label, field.least, field.most, field.default, step, shown, key=key, help=field.help)
