"""The card of a model: `model.json` beside its graph."""

from collections.abc import Iterable
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from wildcam.architectures.backbone_info import BackboneInfo
from wildcam.architectures.presets import Task
from wildcam.augmentation import Augmentation
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import Subset
from wildcam.images import CROP_MARGIN
from wildcam.serving.closer_look import DEFAULT_WEIGHT
from wildcam.serving.knowledge import Knowledge
from wildcam.serving.trials import CloserTrial, EnginePrecision, PrecisionTrial, ViewTrial, best_views
from wildcam.serving.tta import DEFAULT_VIEWS, ViewSet

EMPTY, ANIMAL = "empty", "animal"
"""The two columns of a stage-1 model, in this order."""

UNSEEN = "unseen_species"
"""The subset of scores on species that were left out of training."""

CROSS_VALIDATION = "cross_validation"
"""The subset of scores on training images, by models that saw neither an image nor its location or burst."""

SUBSET_TITLES = {CROSS_VALIDATION: "Cross-validation", **{str(subset): subset.display for subset in Subset}}
"""Of the subsets whose scores people compare."""

METRIC_TITLES = {
    "accuracy": "Accuracy",
    "majority_class_accuracy": "Majority-class baseline",
    "balanced_accuracy": "Balanced accuracy",
    "macro_f1": "Macro-F1",
    "recall_empty": "Blank recall",
    "recall_animal": "Animal recall",
}
"""Of the scores that people compare, in the order of a table."""


class Score(BaseModel):
    """A measured figure, with the number of images it was measured on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subset: str  # of the split, or `UNSEEN`
    metric: str
    value: float
    images: int


class Curve(BaseModel):
    """Shares, 0–1, at thresholds from 0 to 1 in even steps."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int

    @staticmethod
    def at(shares: tuple[float, ...], threshold: float) -> float:
        """The share at the nearest threshold."""
        return shares[round(threshold * (len(shares) - 1))]


class EmptyCurve(Curve):
    """Stage 1, by the threshold from which an image is called empty."""

    missed_animals: tuple[float, ...]  # share of the images with animals that are called empty
    retained_blanks: tuple[float, ...]  # share of the empty images that are called animal

    def threshold_missing_at_most(self, share: float) -> float:
        """The lowest threshold that misses no more of the animals: above it only more blanks are retained."""
        last = len(self.missed_animals) - 1
        return next((k / last for k, missed in enumerate(self.missed_animals) if missed <= share), 1.0)

    def most_balanced_threshold(self) -> float:
        """Where the mean of both errors is the least; the middle one of equals."""
        errors = [missed + retained for missed, retained in zip(self.missed_animals, self.retained_blanks, strict=True)]
        least = [k for k, error in enumerate(errors) if error == min(errors)]
        return least[len(least) // 2] / (len(errors) - 1)


class SpeciesCurve(Curve):
    """Stage 2, by the threshold below which no species is named."""

    named: tuple[float, ...]  # share of the images of known species
    correct: tuple[float, ...]  # share of those named that have the correct species
    unseen_images: int = 0  # of species that were left out of training
    unseen_named: tuple[float, ...] = ()  # share of these that got the name of a known one

    def threshold_naming_at_most(self, share: float) -> float | None:
        """The lowest threshold that names no more of the images of unseen species; None where none was measured."""
        last = len(self.unseen_named) - 1
        return next((k / last for k, named in enumerate(self.unseen_named) if named <= share), None)


class ModelCard(BaseModel):
    """What a model predicts, what it was trained on, how well it does.

    The graph takes `images`, uint8 (N, S, S, 3) RGB 0–255, and gives `probabilities`, float32 (N, C),
    rows summing to 1, columns in the order of `classes`. Stage 1 has the classes `empty`, `animal`.
    It may have a second output `evidence`, float32 (N, h, w, C): the class activation map, rows from the top, whose
    mean over h and w is the logit of each class.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    task: Task
    classes: tuple[str, ...] = Field(min_length=2)
    image_size: int = Field(ge=1, description="Side of the square input, px.")
    preset: str
    dataset: str
    is_demo: bool = Field(False, description="Trained on generated photos: knows the demo species only.")
    run_id: str
    best_epoch: int
    split_policy: str
    split_fingerprint: str
    label_policy: LabelPolicy
    augmentation: Augmentation = Field(description="The training transforms, from which TTA draws its views.")
    crops: bool = Field(False, description="Trained on crops of animals, cut by a detector's boxes.")
    crop_margin: float = Field(
        CROP_MARGIN, ge=0, description="Share of a box's longer side that was added at each end."
    )
    backbone: BackboneInfo | None = Field(None, description="The frozen backbone, with its source and licence.")
    knowledge: Knowledge | None = Field(None, description="What it learned from, and scores where it never was.")
    scores: tuple[Score, ...] = ()
    parity: float = Field(description="Largest difference of a probability between graph and framework.")
    temperature: float = Field(1.0, gt=0, description="Temperature scaling: logits are divided by it.")
    empty_threshold: float = Field(0.5, ge=0, le=1, description="From this probability on a view votes empty.")
    unknown_threshold: float = Field(0.4, ge=0, le=1, description="Below this mean probability no species is named.")
    empty_curve: EmptyCurve | None = Field(None, description="Of stage 1, on `measured_on`, one view each.")
    species_curve: SpeciesCurve | None = Field(None, description="Of stage 2, on `measured_on`, one view each.")
    bfloat16_changes: float | None = Field(
        None, ge=0, le=1, description="Of cards without `precision_trials`: share of answers that bfloat16 changes."
    )
    precision_trials: tuple[PrecisionTrial, ...] = Field((), description="Number formats against float32.")
    view_trials: tuple[ViewTrial, ...] = Field((), description="Sets of views against one, on validation.")
    closer_trial: CloserTrial | None = Field(None, description="The closer look against the whole, on validation.")
    created_at: AwareDatetime
    versions: dict[str, str] = {}
    sha256: str

    @property
    def measured_on(self) -> str:
        """What temperature, thresholds and curves come from, in words: cross-validation where there was one."""
        return "cross-validation" if any(score.subset == CROSS_VALIDATION for score in self.scores) else "validation"

    @property
    def views(self) -> int:
        """The number of views that validation prefers; the default where nobody measured it."""
        best = best_views(self.view_trials)
        return best.views if best else 1 if self.view_trials else DEFAULT_VIEWS

    @property
    def view_set(self) -> ViewSet:
        """The set of views that validation prefers."""
        best = best_views(self.view_trials)
        return best.view_set if best else ViewSet.LIGHT

    @property
    def closer_weight(self) -> float:
        """Of a closer look where one is wanted: what validation prefers, else the default."""
        return (self.closer_trial and self.closer_trial.preferred) or DEFAULT_WEIGHT

    def trial_of(self, precision: EnginePrecision) -> PrecisionTrial | None:
        """What was measured of a number format."""
        return next((trial for trial in self.precision_trials if trial.precision is precision), None)

    def changes_of(self, precision: EnginePrecision) -> float | None:
        """Share of validation answers that a number format changes; None where it was not tried."""
        if trial := self.trial_of(precision):
            return trial.changes
        return self.bfloat16_changes if precision is EnginePrecision.BFLOAT16 else None

    def parity_of(self, precision: EnginePrecision) -> float | None:
        """Largest difference of a probability to the framework's, at most: float32's and the format's own together."""
        if precision is EnginePrecision.FLOAT32:
            return self.parity
        trial = self.trial_of(precision)
        return None if trial is None else self.parity + trial.parity

    @model_validator(mode="after")
    def _classes_fit_task(self) -> Self:
        if len(set(self.classes)) != len(self.classes):
            raise ValueError("a class is listed twice")
        if self.task is Task.EMPTY and self.classes != (EMPTY, ANIMAL):
            raise ValueError(f"a stage-1 model has the classes {EMPTY}, {ANIMAL}, not {', '.join(self.classes)}")
        return self


def task_of(cards: Iterable[ModelCard]) -> Task:
    """What models with these cards predict together."""
    tasks = {card.task for card in cards}
    return tasks.pop() if len(tasks) == 1 else Task.ALL
