"""What a person says against the models' word, kept as a label for the next training."""

from collections.abc import Iterable

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.data.corrections import Corrections
from wildcam.errors import WildcamError
from wildcam.images import Source
from wildcam.serving.card import EMPTY
from wildcam.settings import load_settings


def draw_correction(source: Source, name: str, *, said: str, classes: Iterable[str], models: str) -> None:
    """`said`: the verdict's label. Of an upload the content is kept only where that is asked for."""
    corrections = Corrections(load_settings().home)
    known = corrections.of(source)
    if known:
        st.info(f"Corrected to: {literal(known.label)}", icon=":material/edit:")
    wrong = st.expander("Is that wrong? Say what it shows", icon=":material/edit:")
    with wrong, st.form("correction", border=False):
        label = st.selectbox(
            "It shows",
            sorted({EMPTY, *classes} - {said}),
            index=None,
            accept_new_options=True,
            placeholder="choose, or write a name",
            key=f"correction_{name}",
        )
        keep = isinstance(source, bytes) and st.checkbox(
            "Keep the photo, too, so that the next training can use it",
            key=f"correction_keep_{name}",
            help="Otherwise only its hash and file name are kept: the photo stays in this session's memory.",
        )
        if st.form_submit_button("Keep the correction"):
            try:
                corrections.add(source, name=name, said=said, label=label or "", models=models, keep=keep)
            except WildcamError as error:
                st.error(literal(str(error)), icon=":material/error:")
            else:
                st.rerun()


def draw_all_corrections() -> None:
    """All that were ever made here, to download; nothing where there is none."""
    corrections = Corrections(load_settings().home)
    table = corrections.table()
    if table.empty:
        return
    with st.expander(f"{len(table):,} corrections so far", icon=":material/edit_note:"):
        st.dataframe(
            table[["name", "said", "label", "corrected_at"]],
            hide_index=True,
            key="corrections",
            column_config={"name": "File", "said": "The models said", "label": "It shows", "corrected_at": "When"},
        )
        st.download_button(
            "Download as labels",
            corrections.to_csv,
            "corrections.csv",
            "text/csv",
            key="corrections_csv",
            on_click="ignore",
            help="A table that Add data reads: photos that are on this machine come with their path.",
        )
