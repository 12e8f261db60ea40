"""Identify: verdicts on all uploads, as they come; sessions take turns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.identify.uploads import UploadedImage
from pages.widgets.classification_lock import classification_lock
from wildcam.counting import counted
from wildcam.data.importers.header_columns import Shot, shot_of
from wildcam.errors import ImageError
from wildcam.images import Box, Source
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.two_stage import Verdict, failed
from wildcam.serving.two_stage_classifier import TwoStageClassifier
from wildcam.serving.upload_pixels import UploadPixels

TURN = 16
"""Images of one session that are classified before the next session has its turn."""


@dataclass(frozen=True)
class Answer:
    """An image with its verdict, and when and by which camera it was taken."""

    image: UploadedImage
    verdict: Verdict
    shot: Shot


def upload_pixels() -> UploadPixels:
    """The decoded uploads of this session."""
    pixels: UploadPixels = st.session_state.setdefault("identify_pixels", UploadPixels())
    return pixels


def answer_all(
    images: list[UploadedImage], classifier: TwoStageClassifier, options: InferenceOptions, bar: DeltaGenerator
) -> Iterator[list[Answer]]:
    """The answers so far, after every turn; known answers of the same models and options come at once."""
    key = (classifier.empty.bundle.card, classifier.species.bundle.card, options)
    kept = st.session_state.get("identify_answers")
    if kept and kept[0] == key and len(kept[1]) == len(images):
        yield kept[1]
        return
    answers: list[Answer] = []
    bar.progress(0.0, "Classifying the photos …")
    for part in _in_turns(images, classifier, options, bar):
        answers += part
        bar.progress(len(answers) / len(images), f"{len(answers):,} of {counted(len(images), 'photo')} classified")
        yield answers
    bar.empty()
    st.session_state["identify_answers"] = (key, answers)


def _in_turns(
    images: list[UploadedImage], classifier: TwoStageClassifier, options: InferenceOptions, bar: DeltaGenerator
) -> Iterator[list[Answer]]:
    def show_place(ahead: int) -> None:
        bar.progress(0.0, f"Waiting: {counted(ahead, 'other session')} ahead of you.")

    for start in range(0, len(images), TURN):
        with classification_lock().acquire(show_place):
            answers = _classify(images[start : start + TURN], classifier, options)
        yield answers


def _classify(part: list[UploadedImage], classifier: TwoStageClassifier, options: InferenceOptions) -> list[Answer]:
    pixels = upload_pixels()  # threads have no session

    def identify(source: Source, *, box: Box | None) -> Verdict:
        try:
            inputs = pixels.inputs(cast(bytes, source), classifier)
        except ImageError as error:
            return failed(str(error))
        return classifier.classify(inputs, options, source=source)

    contents: list[bytes | str] = []  # the reason where there is no content
    for image in part:
        try:
            contents.append(image.file.content())
        except (ImageError, OSError) as error:
            contents.append(str(error))
    verdicts = classify_images(identify, ((content, None) for content in contents if isinstance(content, bytes)))
    return [
        Answer(image, next(verdicts), shot_of(content))
        if isinstance(content, bytes)
        else Answer(image, failed(content), Shot())
        for image, content in zip(part, contents, strict=True)
    ]
