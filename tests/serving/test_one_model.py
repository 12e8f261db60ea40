"""A single model that has `empty` as one of its classes, by hand and over a graph."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from wildcam.architectures.presets import Task
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.classifier import Classifier
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.one_model import OneModelClassifier
from wildcam.serving.two_stage import Aggregation, Thresholds, VerdictSource, decide_species

CLASSES = ("deer", "fox", "empty")


@pytest.mark.parametrize(
    ("rows", "label", "agreement", "tie"),
    [
        ([[0.1, 0.2, 0.7]] * 3 + [[0.6, 0.3, 0.1]], "empty", 3, False),
        ([[0.6, 0.3, 0.1]] * 3 + [[0.0, 0.0, 1.0]], "deer", 3, False),
        ([[0.6, 0.3, 0.1]] * 2 + [[0.1, 0.0, 0.9]] * 2, "empty", 2, True),  # the higher mean: 0.5 against 0.35
        ([[0.35, 0.33, 0.32]] * 4, "unknown", 4, False),
    ],
)
def test_the_votes_decide_with_empty_among_the_species(
    rows: list[list[float]], label: str, agreement: int, tie: bool
) -> None:
    found = decide_species(probabilities=np.float32(rows), classes=CLASSES, unknown_threshold=0.4)
    assert (found.label, found.agreement, bool(found.ties)) == (label, agreement, tie)
    assert found.p_empty == pytest.approx(np.mean([row[2] for row in rows]))
    assert "empty" not in [item.label for item in found.top]


def test_the_mean_may_decide_against_the_votes() -> None:
    rows = np.float32([[0.4, 0.3, 0.3], [0.4, 0.3, 0.3], [0.0, 0.0, 1.0]])
    votes, mean = (
        decide_species(probabilities=rows, classes=CLASSES, unknown_threshold=0.0, aggregation=aggregation).label
        for aggregation in Aggregation
    )
    assert (votes, mean) == ("deer", "empty")


@pytest.fixture
def at_once(write_model: Callable[..., object]) -> OneModelClassifier:
    """Sees nothing in blue."""
    return OneModelClassifier(Classifier(write_model("at-once", Task.ALL, classes=CLASSES)))


def test_one_model_answers_alone(at_once: OneModelClassifier, image: Callable[..., bytes]) -> None:
    found = [at_once.identify(image(*colour)) for colour in ((230, 40, 40), (40, 230, 40), (40, 40, 230))]
    assert [verdict.label for verdict in found] == ["deer", "fox", "empty"]
    assert all(len(verdict.views) == 4 for verdict in found)
    assert at_once.identify(b"none").source is VerdictSource.FAILURE
    assert at_once.identify(image(120, 120, 110), InferenceOptions(thresholds=Thresholds(0.5, 0.9))).label == "unknown"


def test_many_are_answered_in_order(at_once: OneModelClassifier, image: Callable[..., bytes]) -> None:
    images = [(image(230, 40, 40), None), (b"none", None), (image(40, 40, 230), None)]
    assert [
        verdict.label
        for verdict in classify_images(partial(at_once.identify, options=InferenceOptions(views=1)), images)
    ] == [
        "deer",
        "failed",
        "empty",
    ]


def test_stage_1_alone_says_empty_or_animal(write_model: Callable[..., object], image: Callable[..., bytes]) -> None:
    alone = OneModelClassifier(Classifier(write_model("stage-1", Task.EMPTY)))
    animal, nothing = (alone.identify(image(*colour)) for colour in ((230, 40, 40), (8, 8, 8)))
    assert (animal.label, animal.source, animal.top) == ("animal", VerdictSource.STAGE_1, ())
    assert animal.confidence == pytest.approx(1 - animal.p_empty)
    assert (nothing.label, nothing.confidence) == ("empty", nothing.p_empty)


def test_a_species_model_alone_knows_nothing_of_empty(
    write_model: Callable[..., object], image: Callable[..., bytes]
) -> None:
    alone = OneModelClassifier(Classifier(write_model("stage-2", Task.SPECIES)))
    verdict = alone.identify(image(230, 40, 40))
    assert (verdict.label, verdict.p_empty) == ("deer", None)
    assert len(verdict.top) == len(alone.model.card.classes)
