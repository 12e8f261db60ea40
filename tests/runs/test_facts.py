"""What workers find out about their runs, as typed models and as tags."""

import pytest
from pydantic import ValidationError

from wildcam.data.splits import Subset
from wildcam.runs.fact_tags import LONGEST_FACT
from wildcam.runs.facts import (
    CheckFacts,
    LRFinderFacts,
    PredictFacts,
    RunFacts,
    SimilarityFacts,
    SubsetScores,
    TrainFacts,
)
from wildcam.runs.job import Job
from wildcam.runs.states import Kind

SCORES = SubsetScores(
    accuracy=0.7,
    balanced_accuracy=0.6,
    macro_f1=0.55,
    majority_class_accuracy=0.4,
    recall={"empty": 0.9, "animal": 0.5},
)
FACTS = {
    Kind.TRAIN: TrainFacts(
        images={Subset.TRAIN: 90, Subset.VAL: 12},
        warnings=("Two lines\nof one.", "Ünlike: the others"),
        scores={Subset.VAL: SCORES},
        best_epoch=3,
        seconds_per_epoch=1.25,
    ),
    Kind.LR_FINDER: LRFinderFacts(seconds_per_step=0.1, suggested_learning_rate=0.003),
    Kind.CHECK: CheckFacts(images=8, measured=7, findings={"dark": 2}),
    Kind.PREDICT: PredictFacts(images=8, failed=1, labels={"red fox": 7}, accuracy=0.5, macro_f1=0.4),
    Kind.SIMILARITY: SimilarityFacts(images=8, unreadable=1),
}


@pytest.mark.parametrize("kind", Kind)
def test_facts_of_every_kind_are_read_as_they_were_written(kind, store, settings):
    run = store.create(kind, "one", settings)
    store.write_facts(run.id, FACTS[kind])
    assert store.get(run.id).facts == FACTS[kind]


def test_facts_are_added_to_those_that_are_known_and_none_forgets_one(store, create):
    run = create()
    store.write_facts(run.id, TrainFacts(best_epoch=3, unseen_auroc=0.5))
    store.write_facts(run.id, TrainFacts(temperature=1.5, unseen_auroc=None))
    assert store.get(run.id).facts == TrainFacts(best_epoch=3, temperature=1.5)


def test_a_fact_of_any_length_is_kept_whole(store, create):
    run = create()
    warnings = tuple(f"Class {number} has one photo in train." for number in range(1000))
    store.write_facts(run.id, TrainFacts(warnings=warnings, best_epoch=1))
    read = store.get(run.id)
    assert read.facts == TrainFacts(warnings=warnings, best_epoch=1)
    tags = store.tracking.get_run(run.id).data.tags
    assert max(map(len, tags.values())) <= LONGEST_FACT
    store.write_facts(run.id, TrainFacts(warnings=("one",)))
    assert store.get(run.id).facts == TrainFacts(warnings=("one",), best_epoch=1)
    store.write_facts(run.id, TrainFacts(warnings=warnings))
    (run.folder / "facts" / "warnings").unlink()
    assert store.get(run.id).facts == TrainFacts(best_epoch=1)


@pytest.mark.parametrize("text", ["{", "[1]", "three", '{"train": "many"}'])
def test_a_tag_that_somebody_spoilt_is_an_unknown_fact(text, store, create):
    run = create()
    store.write_facts(run.id, TrainFacts(best_epoch=3))
    store.tracking.log(run.id, tags={"wildcam.fact.images": text})
    assert store.get(run.id).facts == TrainFacts(best_epoch=3)


def test_a_misspelt_or_mistyped_fact_is_refused():
    with pytest.raises(ValidationError, match="best_epcoh"):
        TrainFacts(best_epcoh=3)
    with pytest.raises(ValidationError, match="best_epoch"):
        TrainFacts(best_epoch="third")


def test_a_job_takes_no_facts_of_another_kind_of_run(store, create):
    facts: RunFacts = CheckFacts(images=3)
    with pytest.raises(TypeError, match="Received CheckFacts for a run of kind train: expected TrainFacts"):
        Job(store, create()).write_facts(facts)
