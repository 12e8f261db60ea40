"""The open questions of the experiments, with the last answer to each."""

import re

import pandas as pd
import streamlit as st

from pages.widgets.chart import draw_chart, draw_download
from pages.widgets.markdown import literal
from pages.widgets.url_state import url_param
from wildcam.charts.studies import conditions, curves
from wildcam.counting import counted
from wildcam.settings import PROJECT_DIR, load_settings
from wildcam.studies.catalog import STUDIES, Study, command
from wildcam.studies.result import FOLDER, StudyResult, StudySize, read_result

KEPT = PROJECT_DIR / "docs" / "studies"
NOT_RUN = "Not run yet"
COLUMN_TITLES = {"score": "Score", "condition": "Condition", "value": "Value", "low": "From", "high": "To"}


def _last(name: str) -> tuple[StudyResult | None, bool]:
    """The last result of this home, else the one that came with the product, and whether it is the latter."""
    own = read_result(load_settings().home / FOLDER, name)
    return (own, False) if own else (read_result(KEPT, name), True)


def _draw_answers() -> None:
    """Every question with its answer."""
    for study in STUDIES.values():
        result, _ = _last(study.name)
        with st.container(border=True):
            st.markdown(f"**{literal(study.question)}**")
            st.text(result.found.verdict if result else f"{NOT_RUN}.")


def _draw_one(study: Study) -> None:
    result, kept = _last(study.name)
    st.subheader(study.title, anchor=False)
    st.write(study.question)
    if result is None:
        st.info(f"{NOT_RUN}. Run it on a machine with the data set:", icon=":material/info:")
        st.code(command(study.name, StudySize()), language="bash")
        return
    found = result.found
    (st.success if found.decided else st.info)(
        literal(found.verdict), icon=":material/gavel:" if found.decided else ":material/question_mark:"
    )
    size = result.size
    if kept:
        st.caption("This result came with WildCam. Run the study to replace it with your own.")
    st.caption(
        literal(
            f"Evaluated on {found.evaluated_on}. {counted(size.seeds, 'training')} of each condition, "
            f"{counted(size.epochs, 'epoch')} at {size.image_size} px, data set {size.dataset}; "
            f"{result.made_at:%Y-%m-%d}, {result.minutes:.1f} minutes for {result.trained} of "
            f"{counted(len(result.runs), 'training')} and the "
            "evaluation. Intervals: 95 % CI (bootstrap by location), unless noted otherwise."
        )
    )
    _draw_figures(result)
    for note in found.notes:
        st.caption(literal(note))
    st.code(result.command, language="bash")
    st.download_button(
        "Download the result",
        result.model_dump_json(indent=2),
        f"{study.name}.json",
        "application/json",
        key="study_json",
        icon=":material/download:",
        on_click="ignore",
        type="tertiary",
    )


def _draw_figures(result: StudyResult) -> None:
    found = result.found
    numbers = pd.DataFrame([figure.model_dump() for figure in found.figures])
    if found.curves:
        points = pd.DataFrame([point.model_dump() for point in found.curves])
        draw_chart(curves(points), points, key="study_curves", name=f"{result.study}-curves")
        st.dataframe(
            numbers,
            hide_index=True,
            key="study_table",
            column_config=COLUMN_TITLES,
        )
        return
    scores = {_slug(score): score for score in numbers["score"].unique()}
    chosen = st.selectbox(
        "Score", list(scores), format_func=lambda slug: _with_capital(scores[slug]), **url_param("score", scores)
    )
    shown = numbers[numbers["score"] == scores[chosen]]
    chart = conditions(shown, _with_capital(scores[chosen]))
    draw_chart(chart, shown, key="study_chart", name=f"{result.study}-{chosen}")
    draw_download(numbers, key="study_numbers", name=result.study, label="All numbers")


def _slug(score: str) -> str:
    """A score in the address."""
    return re.sub("[^a-z0-9]+", "_", score.lower())


def _with_capital(score: str) -> str:
    return score[0].upper() + score[1:]  # `capitalize` would make f1 of F1


st.title("Studies")
st.write(
    "The open questions of the experiments: each study trains, evaluates, and states what can be concluded at its size."
)
_draw_answers()
names = list(STUDIES)
chosen = st.selectbox(
    "Study", names, format_func=lambda name: STUDIES[name].title, **url_param("study", names, forget=("score",))
)
_draw_one(STUDIES[chosen])
