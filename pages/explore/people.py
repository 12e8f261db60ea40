"""Explore, people: which photos show them, what is done about it, and their deletion for good."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.attempt import attempt
from pages.widgets.markdown import literal
from wildcam.accounts.acting import actor
from wildcam.accounts.roles import Act
from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.data.deletion_plan import unfinished_deletion
from wildcam.predictions.people import known_people
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.upkeep.delete_people import Deleted, delete_people, finish

_DONE = "explore_people_deleted"


def draw_people(dataset: Dataset) -> None:
    store = RunStore(load_settings())
    st.write(
        "Photos that a label, a detector, an answer of a batch or a review calls people; vehicles and the set-up "
        "of the camera count, too. Viewers see them blurred, and exported folders leave them out. A person whom "
        "nothing calls one is not known here: give the photo its label on Review."
    )
    if done := st.session_state.pop(_DONE, ""):
        st.success(literal(done), icon=":material/delete_forever:")
    for record in dataset.info.deleted_people:
        files = "their files, too" if record.sources_deleted else "their files were kept"
        by = f" by {record.deleted_by}" if record.deleted_by else ""
        st.caption(literal(f"{record.asked_at:%Y-%m-%d}: {counted(record.images, 'photo')} deleted{by}; {files}."))
    found = known_people(store.settings).of_dataset(dataset)
    if found.empty:
        st.info("No photo of this data set is known to show people.", icon=":material/person_off:")
    else:
        st.markdown(f"**{counted(len(found), 'photo')}**")
        st.dataframe(
            found["reason"].value_counts().rename_axis("reason").reset_index(name="photos"),
            hide_index=True,
            key="explore_people",
            column_config={
                "reason": "What calls them people",
                "photos": st.column_config.NumberColumn("Photos", format="localized"),
            },
        )
    now = actor()
    if now and now.may(Act.DELETE_PEOPLE):
        _draw_deletion(store, dataset, len(found))


def _draw_deletion(store: RunStore, dataset: Dataset, count: int) -> None:
    if plan := unfinished_deletion(store.settings.home):
        st.warning(literal(f"A deletion was interrupted ({plan.sentence})."), icon=":material/warning:")
        _draw_button("Finish the deletion", lambda: finish(store), disabled=False)
        return
    if not count:
        return
    with st.expander("Delete these photos for good", icon=":material/delete_forever:"):
        st.write(
            "Deleted are their rows, answers, reviews and measures in every data set and batch, and the caches of "
            "all photos, which are made again. Backups and folders that were exported are not reached."
        )
        sources = st.checkbox(
            "Delete their source files, too",
            key="explore_people_sources",
            help="Otherwise the files stay where they are, and come in again with the next import of the folder.",
        )
        typed = st.number_input(
            f"To confirm, type the number of photos: {count:,}", 0, value=None, key="explore_people_typed"
        )
        _draw_button(
            f"Delete {counted(count, 'photo')} for good",
            lambda: delete_people(store, dataset.name, delete_sources=sources),
            disabled=typed != count,
        )


def _draw_button(title: str, act: Callable[[], Deleted], *, disabled: bool) -> None:
    st.button(
        title,
        icon=":material/delete_forever:",
        key="explore_people_delete",
        disabled=disabled,
        on_click=attempt,
        args=(_do, act),
    )


def _do(act: Callable[[], Deleted]) -> None:
    done = act()
    said = f"{counted(done.photos, 'photo')} deleted for good."
    if done.sources_left:
        said += (
            f" {counted(len(done.sources_left), 'source file')} cannot be deleted; the first: {done.sources_left[0]}"
        )
    st.session_state[_DONE] = said
