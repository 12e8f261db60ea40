"""Corrections of a model's answer, kept as labels for the next training."""

from collections.abc import Iterable

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.data.corrections import Corrections
from wildcam.errors import WildcamError
from wildcam.images import Source
from wildcam.serving.card import EMPTY
from wildcam.settings import load_settings


def draw_correction(source: Source, name: str, *, predicted: str, classes: Iterable[str], models: str) -> None:
    """`predicted`: the label of the verdict. The content of an upload is kept only on request."""
    corrections = Corrections(load_settings().home)
    known = corrections.of(source)
    if known:
        st.info(f"Corrected to: {literal(known.label)}", icon=":material/edit:")
    wrong = st.expander("Correct label", icon=":material/edit:")
    with wrong, st.form("correction", border=False):
        label = st.selectbox(
            "Label",
            sorted({EMPTY, *classes} - {predicted}),
            index=None,
            accept_new_options=True,
            placeholder="choose or type a label",
            key=f"correction_{name}",
        )
        keep = isinstance(source, bytes) and st.checkbox(
            "Also keep the photo, for the next training",
            key=f"correction_keep_{name}",
            help="Otherwise only its hash and file name are stored, and the photo is discarded with this session.",
        )
        if st.form_submit_button("Save correction"):
            try:
                corrections.add(source, name=name, predicted=predicted, label=label or "", models=models, keep=keep)
            except WildcamError as error:
                st.error(literal(str(error)), icon=":material/error:")
            else:
                st.rerun()


def draw_all_corrections() -> None:
    """All corrections, to download; nothing where there is none."""
    corrections = Corrections(load_settings().home)
    table = corrections.table()
    if table.empty:
        return
    with st.expander(f"Corrections: {len(table):,}", icon=":material/edit_note:"):
        st.dataframe(
            table[["name", "predicted", "label", "corrected_at"]],
            hide_index=True,
            key="corrections",
            column_config={"name": "File", "predicted": "Predicted", "label": "Corrected", "corrected_at": "Date"},
        )
        st.download_button(
            "Download as CSV",
            corrections.to_csv,
            "corrections.csv",
            "text/csv",
            key="corrections_csv",
            on_click="ignore",
            help="A table that Add data imports. Photos on this machine have their path.",
        )
