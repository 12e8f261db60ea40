"""Home: what can be done with a data set: give it another title, delete it."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.attempt import succeeds
from pages.widgets.markdown import literal
from wildcam.data.catalog import Dataset, rename_dataset
from wildcam.runs.manage_datasets import delete_dataset, use_of
from wildcam.runs.store import RunStore

_MANAGED = "home_managed"


def draw_manage_button(dataset: Dataset) -> None:
    """Opens `draw_management` of it."""
    st.button(
        "Manage",
        icon=":material/settings:",
        type="tertiary",
        key=f"home_manage_{dataset.name}",
        on_click=_manage,
        args=(dataset.name,),
    )


def managed_dataset() -> str:
    """The name of the data set that is managed; empty for none."""
    return str(st.session_state.get(_MANAGED, ""))


def draw_management(store: RunStore, dataset: Dataset) -> None:
    with st.container(border=True):
        st.markdown(f"#### {literal(dataset.display)}")
        st.caption(f"Name in addresses and commands: {literal(dataset.name)}. It stays whatever the title.")
        title = st.text_input("Title", dataset.display, key=f"home_title_{dataset.name}").strip()
        with st.container(horizontal=True):
            st.button(
                "Rename",
                icon=":material/edit:",
                key="home_rename",
                disabled=not title or title == dataset.display,
                on_click=_do,
                args=(rename_dataset, store.settings.datasets_dir, dataset.name, title),
            )
            draw_delete(store, dataset.name, dataset.display)
            st.button("Close", icon=":material/close:", key="home_manage_close", on_click=_manage, args=("",))


def draw_delete(store: RunStore, name: str, display: str) -> None:
    """A button that says what is lost and asks once more."""
    use = use_of(store, name)
    with st.popover(f"Delete {literal(display)}", icon=":material/delete:"):
        for sentence in use.describe_loss():
            st.text(sentence)
        st.button("Delete for good", key=f"home_delete_{name}", on_click=_do, args=(_delete, store, name))


def _manage(name: str) -> None:
    st.session_state[_MANAGED] = name


def _delete(store: RunStore, name: str) -> None:
    delete_dataset(store, name)
    st.query_params.pop("dataset", None)  # the address would ask for what is gone


def _do(act: Callable[..., object], *arguments: object) -> None:
    """Do it and close."""
    if succeeds(act, *arguments):
        _manage("")
