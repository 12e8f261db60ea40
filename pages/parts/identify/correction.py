"""Identify: what a person says against the models' word, kept as a label for the next training."""

import streamlit as st

from pages.parts.markdown import literal
from wildcam.data.corrections import Corrections
from wildcam.errors import WildcamError
from wildcam.serving.card import EMPTY
from wildcam.serving.classifier import TwoStageClassifier
from wildcam.serving.two_stage import Verdict
from wildcam.settings import load_settings


def draw_correction(content: bytes, name: str, verdict: Verdict, classifier: TwoStageClassifier) -> None:
    corrections = Corrections(load_settings().home)
    known = corrections.of(content)
    if known:
        st.info(f"Corrected to: {literal(known.label)}", icon=":material/edit:")
    with st.expander("Is that wrong? Say what it shows", icon=":material/edit:"):
        names = sorted({EMPTY, *classifier.species.card.classes} - {verdict.label})
        with st.form("identify_correction", border=False):
            label = st.selectbox(
                "It shows", names, index=None, accept_new_options=True, placeholder="choose, or write a name",
                key=f"identify_correct_{name}",
            )  # fmt: skip
            keep = st.checkbox(
                "Keep the photograph, too, so that the next training can use it", key=f"identify_correct_keep_{name}",
                help="Otherwise only its hash and file name are kept: the photograph stays in this session's memory.",
            )  # fmt: skip
            if st.form_submit_button("Keep the correction"):
                _add(corrections, content, name, verdict, label or "", keep=keep, models=_models(classifier))


def draw_all_corrections() -> None:
    """All that were ever made here, to download; nothing where there is none."""
    corrections = Corrections(load_settings().home)
    table = corrections.table()
    if table.empty:
        return
    with st.expander(f"{len(table):,} corrections so far", icon=":material/edit_note:"):
        st.dataframe(table[["name", "said", "label", "corrected_at"]], hide_index=True, key="identify_corrections")
        st.download_button(
            "Download as labels", corrections.to_csv, "corrections.csv", "text/csv", key="identify_corrections_csv",
            on_click="ignore", help="A table that Add data reads: photographs that were kept come with their path.",
        )  # fmt: skip


def _add(
    corrections: Corrections, content: bytes, name: str, verdict: Verdict, label: str, *, keep: bool, models: str
) -> None:
    try:
        corrections.add(content, name=name, said=verdict.label, label=label, models=models, keep=keep)
    except WildcamError as error:
        st.error(literal(str(error)), icon=":material/error:")
    else:
        st.rerun()


def _models(classifier: TwoStageClassifier) -> str:
    return f"{classifier.empty.bundle.name} + {classifier.species.bundle.name}"
