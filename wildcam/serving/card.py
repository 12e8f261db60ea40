"""What is known of a model: the card beside its graph, `model.json`."""

from collections.abc import Iterable
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from wildcam.architectures.presets import Task
from wildcam.augmentation import Augmentation
from wildcam.data.labels import LabelPolicy
from wildcam.images import CROP_MARGIN

EMPTY, ANIMAL = "empty", "animal"
"""The two columns of a stage-1 model, in this order."""


UNSEEN = "unseen species"
"""The side that scores on species left out of training are filed under."""


class Score(BaseModel):
    """A measured figure with the images that it was measured on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subset: str  # of the split
    metric: str
    value: float
    images: int


class Curve(BaseModel):
    """Shares, 0–1, that thresholds from 0 to 1 in even steps would have led to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int

    @staticmethod
    def at(shares: tuple[float, ...], threshold: float) -> float:
        """The share at the nearest threshold."""
        return shares[round(threshold * (len(shares) - 1))]


class EmptyCurve(Curve):
    """Thresholds of stage 1, from which on an image is called empty."""

    missed_animals: tuple[float, ...]  # of the images with animals, called empty
    retained_blanks: tuple[float, ...]  # of the empty images, called animal: work for a person

    def losing_at_most(self, share: float) -> float:
        """The lowest threshold that loses no more of the animals: above it only more empty images are kept."""
        last = len(self.missed_animals) - 1
        return next((k / last for k, missed in enumerate(self.missed_animals) if missed <= share), 1.0)


class SpeciesCurve(Curve):
    """Thresholds of stage 2, below which no species is named."""

    named: tuple[float, ...]  # of the images of species that the model knows
    right: tuple[float, ...]  # of those named, rightly
    unseen_images: int = 0  # of species that were left out of training
    unseen_named: tuple[float, ...] = ()  # of these, taken for one that it knows


class ModelCard(BaseModel):
    """What is known of a model; `model.json`.

    The graph takes `images`, uint8 (N, S, S, 3) RGB 0–255, and gives `probabilities`, float32 (N, C),
    rows summing to 1, columns in the order of `classes`. Stage 1 has the classes `empty`, `animal`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    task: Task
    classes: tuple[str, ...] = Field(min_length=2)
    image_size: int = Field(ge=1, description="Side of the square input, px.")
    preset: str
    dataset: str
    is_demo: bool = Field(False, description="Knows only the generated demo species.")
    run_id: str
    best_epoch: int
    split_policy: str
    split_fingerprint: str
    label_policy: LabelPolicy
    augmentation: Augmentation = Field(description="The training transforms, from which TTA draws its views.")
    crops: bool = Field(False, description="Learned from animals that a detector's boxes were cut to.")
    crop_margin: float = Field(CROP_MARGIN, ge=0, description="Share of a box's longer side that was added to it.")
    scores: tuple[Score, ...] = ()
    parity: float = Field(description="Largest difference of a probability against the framework.")
    temperature: float = Field(1.0, gt=0, description="Calibration: logits are divided by it.")
    empty_threshold: float = Field(0.5, ge=0, le=1, description="Stage 1 calls a view empty from here on.")
    unknown_threshold: float = Field(0.4, ge=0, le=1, description="Stage 2 abstains below this confidence.")
    empty_curve: EmptyCurve | None = Field(None, description="Of stage 1, on validation, each photo as it is.")
    species_curve: SpeciesCurve | None = Field(None, description="Of stage 2, on validation, each photo as it is.")
    bfloat16_changes: float | None = Field(
        None, ge=0, le=1, description="Share of validation answers that bfloat16 changes; nothing where none was tried."
    )
    created_at: AwareDatetime
    versions: dict[str, str] = {}
    sha256: str

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
