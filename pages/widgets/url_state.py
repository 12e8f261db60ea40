"""Choices that are kept in the address, so that links, reloads and the back button restore them."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from pages.widgets.markdown import literal

LONGEST_SHOWN = 80


def url_param(name: str, options: Iterable[Any], *, forget: tuple[str, ...] = ()) -> dict[str, Any]:
    """Arguments that bind a widget to `?name=VALUE`; pass the same options to the widget.

    The address decides: the widget shows its value, or the first option where it has none of those offered, and
    writes to it when it is used; then the parameters that `forget` names are removed. Values are `str(option)`, a slug.
    """
    offered = {str(option): option for option in options}
    return url_value(name, next(iter(offered.values())), offered.__getitem__, forget=forget)


def url_value(name: str, default: Any, read: Callable[[str], Any], *, forget: tuple[str, ...] = ()) -> dict[str, Any]:
    """As `url_param`, for a widget without options: `read` makes its value of the text, or raises where it cannot.

    What cannot be read is taken out of the address, and a note says so.
    """
    key = f"address_{name}"
    st.session_state[key] = default
    if name in st.query_params:
        try:
            st.session_state[key] = read(st.query_params[name])
        except (KeyError, ValueError, OverflowError):
            tell_left_out(name, st.query_params[name])
            st.query_params.pop(name)
    return {"key": key, "on_change": _write, "args": (name, key, default, forget)}


def url_number(name: str, default: Any, least: float, most: float) -> dict[str, Any]:
    """As `url_value`, for a number of the default's type; one outside the bounds, or none, is left out."""

    def read(text: str) -> Any:
        number = type(default)(text)
        if not least <= number <= most:  # NaN is not
            raise ValueError(text)
        return number

    return url_value(name, default, read)


def url_switch(name: str, *, forget: tuple[str, ...] = ()) -> dict[str, Any]:
    """As `url_param`, for a toggle that is off unless the address says `?name=yes`."""
    return url_value(name, False, lambda text: text == "yes", forget=forget)


def url_list(name: str, options: Iterable[str], default: list[str]) -> dict[str, Any]:
    """As `url_param`, for a choice of several, in the address as `?name=ONE,ANOTHER`."""
    known = set(options)

    def read(text: str) -> list[str]:
        given = text.split(",")
        chosen = [option for option in given if option in known]
        if not chosen:
            raise ValueError(text)
        if gone := [option for option in given if option not in known]:
            tell_left_out(name, ", ".join(gone))
            st.query_params[name] = ",".join(chosen)
        return chosen

    return url_value(name, default, read)


def tell_left_out(name: str, text: str) -> None:
    """A note that the address asks for something that is not here."""
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    sentence = f"The link asks for {name} {shown!r}, which is not here. It is left out."
    st.toast(literal(sentence), icon=":material/link_off:")


def _write(name: str, key: str, default: Any, forget: tuple[str, ...]) -> None:
    for other in forget:
        st.query_params.pop(other, None)
    value = st.session_state[key]
    if value == "" or (value == default and not isinstance(value, str)):  # the link stays short
        st.query_params.pop(name, None)
    elif value is not None:
        st.query_params[name] = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return "yes" if value is True else str(value)
