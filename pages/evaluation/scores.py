"""Evaluation: the scores, the sources of errors, and what to compare them with."""

from functools import partial

import pandas as pd
import streamlit as st

from pages.evaluation.evaluated import Evaluated, draw_score, share_column
from pages.widgets.chart import draw_chart, draw_download
from pages.widgets.glossary import glossary_help
from pages.widgets.markdown import literal
from wildcam.charts.outcomes import outcomes
from wildcam.counting import counted
from wildcam.evaluation.published import published
from wildcam.evaluation.summary import Summary, summarise
from wildcam.reports.html_report import html_report
from wildcam.reports.model_card import model_card
from wildcam.serving.card import METRIC_TITLES


def draw_scores(evaluated: Evaluated) -> None:
    summary = _summary(evaluated.version, evaluated)
    scores = summary.scores
    if summary.leakage:
        st.warning(literal(summary.leakage), icon=":material/warning:")
    with st.container(horizontal=True):
        draw_score("Accuracy", scores.accuracy, help=glossary_help("accuracy"))
        draw_score("Macro-F1", scores.macro_f1, help=glossary_help("macro_f1"))
        draw_score("Missed animals", scores.missed_animals, help=glossary_help("missed_animals"))
        draw_score("Blank recall", scores.blank_recall, help=glossary_help("blank_recall"))
    st.caption(_describe(summary))
    _draw_outcomes(evaluated, summary)
    _draw_location_gaps(summary)
    with st.expander("Published figures", icon=":material/menu_book:"):
        st.caption(summary.comparable)
        st.dataframe(
            published(),
            hide_index=True,
            key="evaluation_published",
            column_config={
                "what": "Model",
                "score": "Score",
                "value": share_column("Value"),
                "images": "Evaluated on",
            },
        )
    _draw_downloads(evaluated, summary)


@st.cache_resource(max_entries=8, show_spinner="Computing confidence intervals …")
def _summary(version: str, _evaluated: Evaluated) -> Summary:
    """Computed once for all sessions, and anew where predictions or labels change (`version`)."""
    request = _evaluated.batch.request
    return summarise(
        _evaluated.scored,
        _evaluated.batch.metadata,
        _evaluated.dataset,
        request.subset,
        request.split_spec,
        _evaluated.unit,
    )


def _describe(summary: Summary) -> str:
    scores = summary.scores
    unit = summary.unit.display
    baselines = "; ".join(f"{literal(baseline.title)} {baseline.accuracy:.1%}" for baseline in scores.baselines)
    top_5 = "" if scores.top_5 is None else f" Top-5 accuracy of the animals {scores.top_5:.1%}."
    return (
        f"Task: {summary.task.display}. {counted(scores.images, summary.unit.display)} of "
        f"{scores.location_counts.describe(unit)}. "
        f"95 % CI: bootstrap by location. Baselines (accuracy): {baselines}. "
        f"Balanced accuracy {scores.balanced_accuracy:.1%}.{top_5}"
    )


def _draw_outcomes(evaluated: Evaluated, summary: Summary) -> None:
    st.subheader("Sources of errors", anchor=False)
    counts = {outcome.display: count for outcome, count in summary.scores.outcomes.items()}
    numbers = pd.DataFrame(counts.items(), columns=["outcome", evaluated.units])
    draw_chart(
        outcomes(counts, unit=evaluated.units), numbers, key="evaluation_outcomes", name=evaluated.file("outcomes")
    )


def _draw_location_gaps(summary: Summary) -> None:
    if not summary.location_gaps:
        return
    st.subheader("Known and new locations", anchor=False)
    st.caption("Scores of each model when it was exported: one view, one model alone.")
    rows = pd.DataFrame([gap.model_dump() for gap in summary.location_gaps])
    st.dataframe(
        rows.replace({"score": METRIC_TITLES}),
        hide_index=True,
        key="evaluation_location_gaps",
        column_config={
            "model": "Model",
            "score": "Score",
            "id_val": share_column("Known locations, other days"),
            "val": share_column("New locations"),
            "difference": share_column("Difference"),
        },
    )


def _draw_downloads(evaluated: Evaluated, summary: Summary) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Report",
            partial(html_report, summary, evaluated.scored),
            f"{evaluated.file('report')}.html",
            "text/html",
            key="evaluation_report",
            icon=":material/summarize:",
            on_click="ignore",
            help="One page that opens offline, charts included.",
        )
        st.download_button(
            "Model card",
            partial(model_card, summary, evaluated.batch.metadata.cards),
            f"{evaluated.file('card')}.md",
            "text/markdown",
            key="evaluation_card",
            icon=":material/badge:",
            on_click="ignore",
        )
        table = evaluated.scored.drop(columns=["top_labels", "top_probabilities"])
        draw_download(table, key="evaluation_scored", name=evaluated.file("scored"), label="All predictions")
