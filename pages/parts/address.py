"""Choices that live in the address: a link, a reload and the back button find them again."""

from collections.abc import Iterable
from typing import Any

import streamlit as st


def tied(name: str, options: Iterable[Any], *, forget: tuple[str, ...] = ()) -> dict[str, Any]:
    """Arguments that tie a widget to `?name=VALUE`; pass the same options to the widget.

    The address is the only truth: the widget shows its value, or the first option where it has none that is offered,
    and writes to it when it is used. Then what `forget` names leaves the address.
    """
    key = f"address_{name}"
    offered = {str(option): option for option in options}
    first = next(iter(offered.values()))
    st.session_state[key] = offered.get(st.query_params.get(name, ""), first)
    return {"key": key, "on_change": _write, "args": (name, key, forget)}


def _write(name: str, key: str, forget: tuple[str, ...]) -> None:
    for other in forget:
        st.query_params.pop(other, None)
    st.query_params[name] = str(st.session_state[key])
