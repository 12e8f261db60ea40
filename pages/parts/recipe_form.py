"""The form of a recipe, drawn from the recipe's own fields: label, help, unit, default and range."""

from enum import StrEnum
from typing import Any

import annotated_types
import streamlit as st
from pydantic.fields import FieldInfo

from wildcam.architectures.presets import Preset
from wildcam.training.recipe import fields_of

OPEN_GROUPS = ("Data", "Model", "Schedule")


def draw_form(preset: Preset) -> dict[str, Any]:
    """Draw every field that the preset uses, group by group; the values as they stand."""
    values: dict[str, Any] = {}
    groups: dict[str, list[tuple[str, FieldInfo]]] = {}
    for name, field in fields_of(preset.name).items():
        groups.setdefault(field.json_schema_extra["group"], []).append((name, field))
    for group, fields in groups.items():
        with st.expander(group, expanded=group == "Data"):
            columns = st.columns(3)
            for place, (name, field) in enumerate(fields):
                default = preset.defaults.get(name, field.default)
                with columns[place % 3]:
                    values[name] = _draw_field(f"train_{preset.name}_{name}", field, default, preset)
    return values


def widget_key(preset: Preset, name: str) -> str:
    """The key under which a field's value lives in the session."""
    return f"train_{preset.name}_{name}"


def _draw_field(key: str, field: FieldInfo, default: Any, preset: Preset) -> Any:
    unit = field.json_schema_extra["unit"]
    label = f"{field.title} ({unit})" if unit else str(field.title)
    if field.annotation is bool:
        return st.checkbox(label, default, key=key, help=field.description)
    if issubclass(field.annotation, StrEnum):
        options = preset.tasks if key.endswith("_task") else tuple(field.annotation)
        index = options.index(field.annotation(default))
        return st.selectbox(label, options, index, key=key, help=field.description, format_func=str)
    least, most = _limits(field)
    if field.annotation is int:
        return st.number_input(label, least, most, int(default), 1, key=key, help=field.description)
    form = "%.6f" if 0 < float(default) < 0.01 or "rate" in str(field.title).lower() else "%.2f"
    step = 10.0 ** -(6 if form == "%.6f" else 2)
    return st.number_input(label, least, most, float(default), step, form, key=key, help=field.description)


def _limits(field: FieldInfo) -> tuple[Any, Any]:
    """Least and most value that the widget allows; the recipe itself refuses an open limit's own value."""
    number = field.annotation or float
    least = most = None
    for rule in field.metadata:
        match rule:
            case annotated_types.Ge(ge=value) | annotated_types.Gt(gt=value):
                least = number(value)
            case annotated_types.Le(le=value) | annotated_types.Lt(lt=value):
                most = number(value)
    return least, most
