"""Against the truth, end to end: the figures, where the errors come from, and what to hold them against."""

from functools import partial

import pandas as pd
import streamlit as st

from pages.parts.explore.chart import draw_chart, draw_download
from pages.parts.identify.models import METRIC_WORDS
from pages.parts.markdown import literal
from pages.parts.truth.evaluated import Evaluated, draw_figure, share_column
from wildcam.charts.outcomes import outcomes
from wildcam.evaluation.published import published
from wildcam.evaluation.report import model_card, report_html
from wildcam.evaluation.summary import Summary, summarise


def draw_scores(evaluated: Evaluated) -> None:
    summary = _summary(evaluated.version, evaluated)
    scores = summary.scores
    if summary.training_saw:
        st.warning(literal(summary.training_saw), icon=":material/warning:")
    with st.container(horizontal=True):
        draw_figure("Right final answers", scores.accuracy)
        draw_figure("Macro-F1", scores.macro_f1, help="Mean of the F1 of the classes that occur: each counts the same.")
        draw_figure("Animals lost", scores.animals_lost, help="Photographs with an animal that were called empty.")
        draw_figure("Empty ones found", scores.empties_found)
    st.caption(_words(summary))
    _draw_errors(evaluated, summary)
    _draw_cameras(summary)
    with st.expander("Published figures", icon=":material/menu_book:"):
        st.caption(summary.comparable)
        st.dataframe(
            published(),
            hide_index=True,
            key="truth_published",
            column_config={
                "what": "What",
                "score": "Score",
                "value": share_column("Value"),
                "photographs": "Photographs",
            },
        )
    _draw_downloads(evaluated, summary)


@st.cache_resource(max_entries=8, show_spinner="Drawing cameras …")
def _summary(version: str, _evaluated: Evaluated) -> Summary:
    """Worked out once for all sessions, and anew where the answers or the labels are others (`version`)."""
    request = _evaluated.batch.request
    return summarise(
        _evaluated.judged, _evaluated.batch.facts, _evaluated.dataset, request.side, request.split_spec, _evaluated.unit
    )


def _words(summary: Summary) -> str:
    scores = summary.scores
    floors = "; ".join(f"{literal(name)} {value:.1%}" for name, value in scores.floors.items())
    top_5 = "" if scores.top_5 is None else f" Right among the five likeliest: {scores.top_5:.1%} of the animals."
    return (
        f"Of {scores.photographs:,} {summary.unit}s of {scores.cameras:,} cameras; asked: {summary.question}. Ranges hold the figure in "
        f"95 of 100 draws of as many cameras. Floors on the same {summary.unit}s: {floors}. Balanced accuracy (mean recall of the "
        f"classes) {scores.balanced_accuracy:.1%}.{top_5}"
    )


def _draw_errors(evaluated: Evaluated, summary: Summary) -> None:
    st.subheader("Where the errors come from", anchor=False)
    found = summary.scores.outcomes
    numbers = pd.DataFrame(found.items(), columns=["outcome", evaluated.things])
    draw_chart(outcomes(found), numbers, key="truth_outcomes", name=evaluated.file("outcomes"))


def _draw_cameras(summary: Summary) -> None:
    if not summary.cameras:
        return
    st.subheader("Known and new cameras", anchor=False)
    st.caption("What each model reached when it was made: one view each, without the other stage.")
    st.dataframe(
        pd.DataFrame(summary.cameras).replace({"score": METRIC_WORDS}), hide_index=True, key="truth_known_cameras",
        column_config={
            "model": "Model", "score": "Score", "id_val": share_column("Known cameras, other days"), "val": share_column("New cameras"),
            "difference": share_column("Difference"),
        },
    )  # fmt: skip


def _draw_downloads(evaluated: Evaluated, summary: Summary) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Report", partial(report_html, summary, evaluated.judged), f"{evaluated.file('report')}.html", "text/html",
            key="truth_report", icon=":material/summarize:", on_click="ignore", help="One page that opens offline, charts included.",
        )  # fmt: skip
        st.download_button(
            "Model card", partial(model_card, summary, evaluated.batch.facts.cards), f"{evaluated.file('card')}.md",
            "text/markdown", key="truth_card", icon=":material/badge:", on_click="ignore",
        )  # fmt: skip
        table = evaluated.judged.drop(columns=["top_labels", "top_probabilities"])
        draw_download(table, key="truth_judged", name=evaluated.file("judged"), label="Every answer")
