"""Identify: verdicts on all that came in, as they come; other sessions get their turns between."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.identify.answer import Answer
from pages.parts.identify.uploads import Photograph
from pages.parts.identify.verdict import draw_table
from wildcam.data.importers.exif import taken_at
from wildcam.errors import PhotographError
from wildcam.serving.classifier import TwoStageClassifier
from wildcam.serving.many import identify_many
from wildcam.serving.turns import Turns
from wildcam.serving.two_stage import Aggregation, Thresholds, failed

TURN = 16
"""Photographs that one session looks at before the next one has its turn; so many are in memory at once."""

SHOWN_MEANWHILE = 500
"""Rows that the growing table shows; all of them when it is complete."""


@dataclass(frozen=True)
class Ways:
    """How the models look and vote."""

    views: int
    aggregation: Aggregation
    thresholds: Thresholds


@st.cache_resource
def _turns() -> Turns:
    """One queue for all sessions."""
    return Turns()


def answer_all(photographs: list[Photograph], classifier: TwoStageClassifier, ways: Ways) -> list[Answer]:
    """The session's answers; what was answered with the same models and ways is not asked again."""
    asked = (classifier.empty.bundle.card, classifier.species.bundle.card, ways)
    kept = st.session_state.get("identify_answers")
    if kept and kept[0] == asked and len(kept[1]) == len(photographs):
        return kept[1]
    answers: list[Answer] = []
    bar, table = st.progress(0.0, "Looking at the photographs …"), st.empty()
    for part in _in_turns(photographs, classifier, ways, bar):
        answers += part
        bar.progress(len(answers) / len(photographs), f"Looked at {len(answers):,} of {len(photographs):,} photographs")
        if len(answers) < len(photographs):
            draw_table(answers[-SHOWN_MEANWHILE:], place=table)
    bar.empty()
    table.empty()
    st.session_state["identify_answers"] = (asked, answers)
    return answers


def _in_turns(
    photographs: list[Photograph], classifier: TwoStageClassifier, ways: Ways, bar: DeltaGenerator
) -> Iterator[list[Answer]]:
    def show_place(before: int) -> None:
        others = f"{before} others ask" if before > 1 else "Another asks"
        bar.progress(0.0, f"{others} before you: the machine looks at their photographs first.")

    for start in range(0, len(photographs), TURN):
        with _turns().take(show_place):
            answers = _answer(photographs[start : start + TURN], classifier, ways)
        yield answers


def _answer(part: list[Photograph], classifier: TwoStageClassifier, ways: Ways) -> list[Answer]:
    contents: list[bytes | str] = []  # a sentence where there is no content
    for photograph in part:
        try:
            contents.append(photograph.incoming.content())
        except (PhotographError, OSError) as error:
            contents.append(str(error))
    readable = ((content, None) for content in contents if isinstance(content, bytes))
    look = partial(classifier.identify, views=ways.views, thresholds=ways.thresholds, aggregation=ways.aggregation)
    verdicts = identify_many(look, readable)
    return [
        Answer(photograph, next(verdicts), taken_at(content))
        if isinstance(content, bytes)
        else Answer(photograph, failed(content), None)
        for photograph, content in zip(part, contents, strict=True)
    ]
