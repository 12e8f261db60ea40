"""Identify: verdicts on all uploads, as they come; sessions take turns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
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
from wildcam.serving.card import ModelCard
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.two_stage import Verdict, VerdictSource, failed
from wildcam.serving.two_stage_classifier import TwoStageClassifier
from wildcam.serving.upload_pixels import UploadPixels
from wildcam.web.metrics import PHOTOS_IDENTIFIED

TURN = 16
"""Images of one session that are classified before the next session has its turn."""


@dataclass(frozen=True)
class Answer:
    """An image with its verdict, and when and by which camera it was taken."""

    image: UploadedImage
    verdict: Verdict
    shot: Shot


@dataclass(frozen=True)
class Answers:
    """The answers of one pair of models with one set of options: `given` grows."""

    key: tuple[ModelCard, ModelCard, InferenceOptions]
    images: list[UploadedImage]
    given: list[Answer] = field(default_factory=list)

    @property
    def are_complete(self) -> bool:
        """Whether every image has one."""
        return len(self.given) == len(self.images)


def upload_pixels() -> UploadPixels:
    """The decoded uploads of this session."""
    pixels: UploadPixels = st.session_state.setdefault("identify_pixels", UploadPixels())
    return pixels


def answers_so_far(images: list[UploadedImage], classifier: TwoStageClassifier, options: InferenceOptions) -> Answers:
    """The answers of these models and options that the session has, in the order of the images; all, none or some."""
    key = (classifier.empty.bundle.card, classifier.species.bundle.card, options)
    answers: Answers | None = st.session_state.get("identify_answers")
    if answers is None or answers.key != key:
        answers = st.session_state["identify_answers"] = Answers(key, images)
    return answers


def answer_rest(
    answers: Answers, classifier: TwoStageClassifier, options: InferenceOptions, bar: DeltaGenerator
) -> Iterator[list[Answer]]:
    """Classify what has no answer yet; yield all answers after every turn. They stay where it is interrupted."""
    images, given = answers.images, answers.given

    def show_place(ahead: int) -> None:
        bar.progress(len(given) / len(images), f"Waiting: {counted(ahead, 'other session')} ahead of you.")

    bar.progress(len(given) / len(images), "Classifying the photos …")
    while not answers.are_complete:
        with classification_lock().acquire(show_place):
            new = _classify(images[len(given) : len(given) + TURN], classifier, options)
        given += new
        PHOTOS_IDENTIFIED.inc(sum(answer.verdict.source is not VerdictSource.FAILURE for answer in new))
        bar.progress(len(given) / len(images), f"{len(given):,} of {counted(len(images), 'photo')} classified")
        yield given
    bar.empty()


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
