"""Batch: another program's results in place of models."""

import streamlit as st

from pages.batch.subset import choose_subset
from pages.widgets.kept import keep
from pages.widgets.markdown import literal
from wildcam.counting import counted
from wildcam.data.uploads import stage
from wildcam.errors import UsageError, WildcamError
from wildcam.predictions.external.submit import submit_results
from wildcam.runs.quota import check_disk
from wildcam.runs.store import RunStore

MOST_UPLOAD_MB = 500


def draw_results_file(store: RunStore) -> None:
    """Draw the form; a click queues the batch and opens it."""
    values = choose_subset(store)
    upload = st.file_uploader(
        "Results file",
        ["json", "zip"],
        key="batch_results_file",
        max_upload_size=MOST_UPLOAD_MB,
        help="SpeciesNet's predictions.json, or a file in MegaDetector's format: of the detector alone, with a "
        "classifier behind it, or of AddaxAI. Photos are found by their paths.",
    )
    name = st.text_input("Name of the batch", placeholder="SpeciesNet on …", key=keep("batch_results_name"))
    if st.button(
        "Read results",
        type="primary",
        icon=":material/upload_file:",
        key="batch_results_start",
        disabled=not values or upload is None,
    ):
        assert upload is not None
        try:
            check_disk(store, upload.size)
            path, *others = stage(store.settings.home, upload.file_id, upload.name, upload.getbuffer())
            if others:
                raise UsageError(f"{upload.name} holds {counted(len(others) + 1, 'file')}: upload one file of results.")
            run = submit_results(store, path, name=name.strip(), **values)
        except WildcamError as error:
            st.error(literal(str(error)), icon=":material/error:")
            return
        st.query_params["run"] = run.id
        st.rerun()
