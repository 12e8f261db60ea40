"""Actions on a run: clone, rename, note, tags, delete."""

import streamlit as st

from pages.runs.listed import shared_run_list
from pages.widgets.attempt import attempt
from pages.widgets.markdown import literal
from wildcam.errors import WildcamError
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore


def draw_run_actions(store: RunStore, run: Run) -> None:
    with st.container(horizontal=True):
        if run.kind is Kind.TRAIN:
            st.page_link(
                "pages/train/page.py",
                label="Clone with changes",
                icon=":material/content_copy:",
                query_params={"clone": run.id},
            )
        with st.popover("Rename", icon=":material/edit:"):
            name = st.text_input("Name", run.name, key=f"runs_name_{run.id}")
            if st.button("Rename", key="runs_rename", disabled=not name.strip() or name == run.name):
                store.rename(run.id, name.strip())
                _draw_again()
        with st.popover("Note", icon=":material/sticky_note_2:"):
            note = st.text_area("Note", run.note, key=f"runs_note_{run.id}")
            if st.button("Save note", key="runs_note_keep", disabled=note == run.note):
                store.set_note(run.id, note)
                _draw_again()
        with st.popover("Tags", icon=":material/sell:"):
            _draw_tags(store, run)
        if not run.state.is_live:
            with st.popover("Delete", icon=":material/delete:"):
                st.write("Deletes the run, its checkpoints, its log and its exported model. Promoted models are kept.")
                if st.button("Delete run", key="runs_delete", type="primary"):
                    store.delete(run.id)
                    st.query_params.pop("run", None)
                    st.rerun()


def _draw_tags(store: RunStore, run: Run) -> None:
    for name, value in sorted(run.user_tags.items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{name}: {value}" if value else name, width="stretch")
            st.button(
                "Remove",
                icon=":material/close:",
                key=f"runs_untag_{run.id}_{name}",
                on_click=attempt,
                args=(_remove_tag, store, run.id, name),
            )
    with st.form(f"runs_tag_{run.id}", border=False, clear_on_submit=True):
        name = st.text_input("Tag", help="For finding the run again, such as a site or a hypothesis.")
        value = st.text_input("Value (optional)")
        if st.form_submit_button("Add tag"):
            try:
                store.set_user_tag(run.id, name, value)
            except WildcamError as error:
                st.error(literal(str(error)))
            else:
                _draw_again()


def _remove_tag(store: RunStore, run_id: str, name: str) -> None:
    store.remove_user_tag(run_id, name)
    shared_run_list().forget()


def _draw_again() -> None:
    """With what was just written about an ended run."""
    shared_run_list().forget()
    st.rerun()
