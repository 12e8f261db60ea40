"""What a worker finds out about its run, one frozen model a kind of run. Each field is a tag of the run in MLflow.

All fields are optional: a worker writes those that it knows so far, and a reader gets None, or nothing in it,
for the rest.
"""

import json
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from wildcam.data.splits import Subset
from wildcam.runs.states import Kind


class Facts(BaseModel):
    """What holds for every kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system_use: str = ""  # what of the machine's use cannot be measured, and why

    def to_tags(self) -> dict[str, str]:
        """Only the fields that were given: text as it is, everything else as JSON; "" for None."""
        return {name: _serialise(value) for name, value in self.model_dump(mode="json", exclude_unset=True).items()}

    @classmethod
    def from_tags(cls, tags: Mapping[str, str]) -> Self:
        """What is known. Anyone may edit tags in MLflow: a value that cannot be read counts as unknown."""
        values = {name: tags[name] for name in cls.model_fields if tags.get(name)}
        known: dict[str, object] = {}
        for name, text in values.items():
            try:
                value = text if cls.model_fields[name].annotation is str else json.loads(text)
                known[name] = getattr(cls.model_validate({name: value}), name)
            except (ValidationError, ValueError):
                continue
        return cls.model_validate(known)


class SubsetScores(BaseModel):
    """Scores of the exported model on one subset, 0–1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    majority_class_accuracy: float  # the baseline
    recall: dict[str, float] = {}  # by class, where there are two


class TrainFacts(Facts):
    """Of a training run."""

    split_fingerprint: str = ""
    classes: int | None = None
    images: dict[Subset, int] = {}
    validation_subset: Subset | None = None  # which the best epoch was chosen on
    warnings: tuple[str, ...] = ()
    left_out: dict[str, int] = {}  # images of the data set by the reason why they take no part
    environment: dict[str, str] = {}  # versions of the libraries, Python, machine, commit
    trainable_parameters: int | None = None
    total_parameters: int | None = None
    batch_size_found: int | None = None
    learning_rate_found: float | None = None
    learning_rate_note: str = ""  # why none was found
    best_epoch: int | None = None  # from 1; 0: stopped before the first was finished
    damaged_images: int | None = None
    seconds_per_epoch: float | None = None  # median, with validation and checkpoint
    scores: dict[Subset, SubsetScores] = {}
    unseen_auroc: float | None = None  # of unknown species against known ones, 0–1
    temperature: float | None = None
    bfloat16_changes: float | None = None  # share of validation images with another answer in bfloat16
    milliseconds_per_image: float | None = None  # of the exported model, one view, without reading the file


class LRFinderFacts(Facts):
    """Of a learning-rate range test."""

    seconds_per_step: float | None = None
    suggested_learning_rate: float | None = None
    learning_rate_note: str = ""  # why none is suggested


class CheckFacts(Facts):
    """Of a check of a data set's files."""

    images: int | None = None
    measured: int | None = None  # files that were read; the others were known and unchanged, or missing
    findings: dict[str, int] = {}  # images by `quality.findings.Finding`


class PredictFacts(Facts):
    """Of a batch of predictions."""

    images: int | None = None
    failed: int | None = None  # images that could not be read
    labels: dict[str, int] = {}  # images by predicted label, the most frequent first
    without_time: int | None = None  # images without a time, which a Camtrap DP leaves out
    accuracy: float | None = None  # 0–1, where the data set has labels
    macro_f1: float | None = None
    remarks: tuple[str, ...] = ()  # a sentence for each kind of files, photos or results that were passed over


class SimilarityFacts(Facts):
    """Of a search for photos that are alike."""

    images: int | None = None  # that were compared
    unreadable: int | None = None  # that could not be decoded


RunFacts = TrainFacts | LRFinderFacts | CheckFacts | PredictFacts | SimilarityFacts

_FACTS: dict[Kind, type[RunFacts]] = {
    Kind.TRAIN: TrainFacts,
    Kind.LR_FINDER: LRFinderFacts,
    Kind.CHECK: CheckFacts,
    Kind.PREDICT: PredictFacts,
    Kind.SIMILARITY: SimilarityFacts,
}


def facts_type(kind: Kind) -> type[RunFacts]:
    """The model of a kind of run."""
    return _FACTS[kind]


def _serialise(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
