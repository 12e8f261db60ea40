"""A choice of one of a few, side by side, in the address by its slug."""

from typing import Literal, TypeVar

import streamlit as st

from pages.widgets.url_state import url_param
from wildcam.choice import Choice

Option = TypeVar("Option", bound=Choice)


def choose_segment(
    label: str,
    options: type[Option],
    name: str,
    *,
    forget: tuple[str, ...] = (),
    label_visibility: Literal["visible", "collapsed"] = "collapsed",
    first: Option | None = None,
) -> Option:
    """One of the options; where the address (`?name=slug`) has none, `first`, or else the first of them.

    A change drops `forget` from the address.
    """
    choices = sorted(options, key=lambda option: option != first)
    chosen = st.segmented_control(
        label,
        choices,
        required=True,
        format_func=_title,
        label_visibility=label_visibility,
        **url_param(name, choices, forget=forget),
    )
    return options(str(chosen))


def _title(option: Choice) -> str:
    return option.display[0].upper() + option.display[1:]
