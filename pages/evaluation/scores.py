"""Against the truth, end to end: the figures, where the errors come from, and what to hold them against."""

from functools import partial

import pandas as pd
import streamlit as st

from pages.evaluation.evaluated import Evaluated, draw_figure, share_column
from pages.identify.models import METRIC_WORDS
from pages.widgets.chart import draw_chart, draw_download
from pages.widgets.markdown import literal
from wildcam.charts.outcomes import outcomes
from wildcam.evaluation.published import published
from wildcam.evaluation.summary import Summary, summarise
from wildcam.reports.report import model_card, report_html


def draw_scores(evaluated: Evaluated) -> None:
    summary = _summary(evaluated.version, evaluated)
    scores = summary.scores
    if summary.training_saw:
        st.warning(literal(summary.training_saw), icon=":material/warning:")
    with st.container(horizontal=True):
        draw_figure("Right final answers", scores.accuracy)
        draw_figure("Macro-F1", scores.macro_f1, help="Mean of the F1 of the classes that occur: each counts the same.")
        draw_figure("Animals lost", scores.missed_animals, help="Photos with an animal that were called empty.")
        draw_figure("Empty ones found", scores.blank_recall)
    st.caption(_words(summary))
    _draw_errors(evaluated, summary)
    _draw_locations(summary)
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
                "images": "Photos",
            },
        )
    _draw_downloads(evaluated, summary)


@st.cache_resource(max_entries=8, show_spinner="Drawing cameras …")
def _summary(version: str, _evaluated: Evaluated) -> Summary:
    """Worked out once for all sessions, and anew where the answers or the labels are others (`version`)."""
    request = _evaluated.batch.request
    return summarise(
        _evaluated.scored,
        _evaluated.batch.metadata,
        _evaluated.dataset,
        request.subset,
        request.split_spec,
        _evaluated.unit,
    )


def _words(summary: Summary) -> str:
    scores = summary.scores
    baselines = "; ".join(f"{literal(name)} {value:.1%}" for name, value in scores.baselines.items())
    top_5 = "" if scores.top_5 is None else f" Right among the five likeliest: {scores.top_5:.1%} of the animals."
    return (
        f"Of {scores.images:,} {summary.unit}s of {scores.locations:,} cameras; task: {summary.task.display}. Ranges hold the figure in "
        f"95 of 100 draws of as many cameras. Floors on the same {summary.unit}s: {baselines}. Balanced accuracy (mean recall of the "
        f"classes) {scores.balanced_accuracy:.1%}.{top_5}"
    )


def _draw_errors(evaluated: Evaluated, summary: Summary) -> None:
    st.subheader("Where the errors come from", anchor=False)
    found = summary.scores.outcomes
    numbers = pd.DataFrame(found.items(), columns=["outcome", evaluated.things])
    draw_chart(outcomes(found), numbers, key="truth_outcomes", name=evaluated.file("outcomes"))


def _draw_locations(summary: Summary) -> None:
    if not summary.locations:
        return
    st.subheader("Known and new cameras", anchor=False)
    st.caption("What each model reached when it was made: one view each, without the other stage.")
    st.dataframe(
        pd.DataFrame(summary.locations).replace({"score": METRIC_WORDS}),
        hide_index=True,
        key="truth_known_cameras",
        column_config={
            "model": "Model",
            "score": "Score",
            "id_val": share_column("Known cameras, other days"),
            "val": share_column("New cameras"),
            "difference": share_column("Difference"),
        },
    )


def _draw_downloads(evaluated: Evaluated, summary: Summary) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Report",
            partial(report_html, summary, evaluated.scored),
            f"{evaluated.file('report')}.html",
            "text/html",
            key="truth_report",
            icon=":material/summarize:",
            on_click="ignore",
            help="One page that opens offline, charts included.",
        )
        st.download_button(
            "Model card",
            partial(model_card, summary, evaluated.batch.metadata.cards),
            f"{evaluated.file('card')}.md",
            "text/markdown",
            key="truth_card",
            icon=":material/badge:",
            on_click="ignore",
        )
        table = evaluated.scored.drop(columns=["top_labels", "top_probabilities"])
        draw_download(table, key="truth_judged", name=evaluated.file("scored"), label="Every answer")
