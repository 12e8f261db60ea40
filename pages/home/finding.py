"""One finding of the studies, another one each day."""

from datetime import UTC, datetime

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.settings import PROJECT_DIR, Settings
from wildcam.studies.catalog import STUDIES
from wildcam.studies.result import FOLDER, read_result


def draw_finding(settings: Settings) -> None:
    found = []
    for study in STUDIES.values():
        folders = (settings.home / FOLDER, PROJECT_DIR / "docs" / FOLDER)  # the user's own result first
        result = next(filter(None, (read_result(folder, study.name) for folder in folders)), None)
        if result and result.found.decided:
            found.append((study, result))
    if not found:
        return
    study, result = found[datetime.now(UTC).toordinal() % len(found)]
    st.subheader("A finding", anchor=False)
    with st.container(border=True):
        st.markdown(f"**{literal(study.question)}**")
        st.text(result.found.verdict)
        link = {"study": study.name}
        st.page_link("pages/studies/page.py", label="Open the study", icon=":material/science:", query_params=link)
