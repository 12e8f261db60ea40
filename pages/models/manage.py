"""What can be done with a model: make it the default, rename it, delete it."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.attempt import succeeds
from pages.widgets.markdown import literal
from wildcam.serving.bundle import Bundle, ModelDirs, default_of, set_default
from wildcam.serving.manage_models import delete_model, is_own, rename_model


def draw_management(models: ModelDirs, bundle: Bundle) -> None:
    default, name = default_of(models, bundle.card.task), bundle.name
    with st.container(horizontal=True):
        if default is not None and default.name == name:
            st.badge("Default of its stage", icon=":material/star:")
        else:
            st.button(
                "Make it the default",
                icon=":material/star:",
                key="models_default",
                on_click=_do,
                args=(name, set_default, models, name),
            )
        if is_own(models, name):
            _draw_rename(models, name)
            draw_delete(models, name)
    if not is_own(models, name):
        st.caption("It came with WildCam, and can be neither renamed nor deleted.")


def draw_delete(models: ModelDirs, name: str) -> None:
    """A button that asks once more."""
    with st.popover(f"Delete {literal(name)}", icon=":material/delete:"):
        st.write("Its run keeps a copy, if it is still there. Results of batches stay.")
        st.button("Delete for good", key=f"models_delete_{name}", on_click=_do, args=("", delete_model, models, name))


def _draw_rename(models: ModelDirs, name: str) -> None:
    with st.popover("Rename", icon=":material/edit:"):
        new_name = st.text_input("Name", name, key=f"models_name_{name}").strip()
        st.button(
            "Rename",
            key="models_rename",
            disabled=not new_name or new_name == name,
            on_click=_do,
            args=(new_name, rename_model, models, name, new_name),
        )


def _do(shown_then: str, act: Callable[..., object], *arguments: object) -> None:
    """Do it, and show that model, or the first for an empty name."""
    if not succeeds(act, *arguments):
        return
    if shown_then:
        st.query_params["model"] = shown_then
    else:
        st.query_params.pop("model", None)
