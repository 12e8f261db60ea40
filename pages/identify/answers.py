"""Identify: verdicts on all that came in, as they come; other sessions get their turns between."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.identify.answer import Answer
from pages.identify.uploads import UploadedImage
from pages.identify.verdict import draw_table
from wildcam.data.importers.exif import taken_at
from wildcam.errors import ImageError
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.classifier import TwoStageClassifier
from wildcam.serving.fair_lock import FairLock
from wildcam.serving.two_stage import Aggregation, Thresholds, failed

TURN = 16
"""Images that one session looks at before the next one has its turn; so many are in memory at once."""

SHOWN_MEANWHILE = 500
"""Rows that the growing table shows; all of them when it is complete."""


@dataclass(frozen=True)
class InferenceOptions:
    """How the models look and vote."""

    views: int
    aggregation: Aggregation
    thresholds: Thresholds


@st.cache_resource
def _turns() -> FairLock:
    """One queue for all sessions."""
    return FairLock()


def answer_all(images: list[UploadedImage], classifier: TwoStageClassifier, ways: InferenceOptions) -> list[Answer]:
    """The session's answers; what was answered with the same models and ways is not asked again."""
    asked = (classifier.empty.bundle.card, classifier.species.bundle.card, ways)
    kept = st.session_state.get("identify_answers")
    if kept and kept[0] == asked and len(kept[1]) == len(images):
        return kept[1]
    answers: list[Answer] = []
    bar, table = st.progress(0.0, "Looking at the photos …"), st.empty()
    for part in _in_turns(images, classifier, ways, bar):
        answers += part
        bar.progress(len(answers) / len(images), f"Looked at {len(answers):,} of {len(images):,} photos")
        if len(answers) < len(images):
            draw_table(answers[-SHOWN_MEANWHILE:], place=table)
    bar.empty()
    table.empty()
    st.session_state["identify_answers"] = (asked, answers)
    return answers


def _in_turns(
    images: list[UploadedImage], classifier: TwoStageClassifier, ways: InferenceOptions, bar: DeltaGenerator
) -> Iterator[list[Answer]]:
    def show_place(before: int) -> None:
        others = f"{before} others ask" if before > 1 else "Another asks"
        bar.progress(0.0, f"{others} before you: the machine looks at their photos first.")

    for start in range(0, len(images), TURN):
        with _turns().take(show_place):
            answers = _answer(images[start : start + TURN], classifier, ways)
        yield answers


def _answer(part: list[UploadedImage], classifier: TwoStageClassifier, ways: InferenceOptions) -> list[Answer]:
    contents: list[bytes | str] = []  # a sentence where there is no content
    for image in part:
        try:
            contents.append(image.incoming.content())
        except (ImageError, OSError) as error:
            contents.append(str(error))
    readable = ((content, None) for content in contents if isinstance(content, bytes))
    look = partial(classifier.identify, views=ways.views, thresholds=ways.thresholds, aggregation=ways.aggregation)
    verdicts = classify_images(look, readable)
    return [
        Answer(image, next(verdicts), taken_at(content))
        if isinstance(content, bytes)
        else Answer(image, failed(content), None)
        for image, content in zip(part, contents, strict=True)
    ]
