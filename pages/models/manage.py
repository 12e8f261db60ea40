"""What can be done with a model: make it the default, rename it, delete it."""

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.serving.bundle import Bundle, ModelDirs, default_of, set_default
from wildcam.serving.manage_models import delete_model, is_own, rename_model

_FAILURE = "models_failure"


def draw_management(models: ModelDirs, bundle: Bundle) -> None:
    if failure := st.session_state.pop(_FAILURE, ""):
        st.error(literal(failure), icon=":material/error:")
    default = default_of(models, bundle.card.task)
    with st.container(horizontal=True):
        if default is not None and default.name == bundle.name:
            st.badge("Default of its stage", icon=":material/star:")
        else:
            st.button(
                "Make it the default",
                icon=":material/star:",
                key="models_default",
                on_click=_make_default,
                args=(models, bundle.name),
            )
        if is_own(models, bundle):
            _draw_rename(models, bundle)
            _draw_delete(models, bundle)
    if not is_own(models, bundle):
        st.caption("It came with WildCam, and can be neither renamed nor deleted.")


def _draw_rename(models: ModelDirs, bundle: Bundle) -> None:
    with st.popover("Rename", icon=":material/edit:"):
        name = st.text_input("Name", bundle.name, key=f"models_name_{bundle.name}").strip()
        st.button(
            "Rename",
            key="models_rename",
            disabled=not name or name == bundle.name,
            on_click=_rename,
            args=(models, bundle.name, name),
        )


def _draw_delete(models: ModelDirs, bundle: Bundle) -> None:
    with st.popover("Delete", icon=":material/delete:"):
        st.write(
            literal(
                f"Delete {bundle.name} for good? Its run keeps a copy, if it is still there. Results of batches stay."
            )
        )
        st.button("Delete for good", key="models_delete", on_click=_delete, args=(models, bundle.name))


def _make_default(models: ModelDirs, name: str) -> None:
    try:
        set_default(models, name)
    except WildcamError as error:
        st.session_state[_FAILURE] = str(error)


def _rename(models: ModelDirs, name: str, new_name: str) -> None:
    try:
        rename_model(models, name, new_name)
        st.query_params["model"] = new_name
    except WildcamError as error:
        st.session_state[_FAILURE] = str(error)


def _delete(models: ModelDirs, name: str) -> None:
    try:
        delete_model(models, name)
        st.query_params.pop("model", None)
    except WildcamError as error:
        st.session_state[_FAILURE] = str(error)
