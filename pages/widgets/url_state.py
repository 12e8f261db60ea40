"""Choices that live in the address: a link, a reload and the back button find them again."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st


def url_param(name: str, options: Iterable[Any], *, forget: tuple[str, ...] = ()) -> dict[str, Any]:
    """Arguments that tie a widget to `?name=VALUE`; pass the same options to the widget.

    The address is the only truth: the widget shows its value, or the first option where it has none that is offered,
    and writes to it when it is used. Then what `forget` names leaves the address.
    """
    offered = {str(option): option for option in options}
    return url_value(name, next(iter(offered.values())), offered.__getitem__, forget=forget)


def url_value(name: str, default: Any, read: Callable[[str], Any], *, forget: tuple[str, ...] = ()) -> dict[str, Any]:
    """As `tied`, for a widget without options: `read` makes its value of the text, or raises for one that it is not."""
    key = f"address_{name}"
    try:
        st.session_state[key] = read(st.query_params[name])
    except (KeyError, ValueError):
        st.session_state[key] = default
    return {"key": key, "on_change": _write, "args": (name, key, default, forget)}


def url_switch(name: str, *, forget: tuple[str, ...] = ()) -> dict[str, Any]:
    """As `tied`, for a toggle that is off unless the address says `?name=yes`."""
    return url_value(name, False, lambda text: text == "yes", forget=forget)


def url_page(pages: int) -> dict[str, Any]:
    """As `tied`, for the pagination of so many pages, in the address as `?page=NUMBER`."""

    def read(text: str) -> int:
        if not 1 <= int(text) <= pages:
            raise ValueError(text)
        return int(text)

    return url_value("page", 1, read)


def url_list(name: str, options: Iterable[str], default: list[str]) -> dict[str, Any]:
    """As `tied`, for a choice of several, in the address as `?name=ONE,ANOTHER`."""
    known = set(options)

    def read(text: str) -> list[str]:
        chosen = [option for option in text.split(",") if option in known]
        if not chosen:
            raise ValueError(text)
        return chosen

    return url_value(name, default, read)


def _write(name: str, key: str, default: Any, forget: tuple[str, ...]) -> None:
    for other in forget:
        st.query_params.pop(other, None)
    value = st.session_state[key]
    if value == default and not isinstance(value, str):  # a link need not say what goes without saying
        st.query_params.pop(name, None)
    elif value is not None:
        st.query_params[name] = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return "yes" if value is True else str(value)
