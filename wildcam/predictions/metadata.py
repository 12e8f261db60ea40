"""What holds for all rows of a batch of predictions: models, thresholds, where the images are."""

from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from wildcam.architectures.presets import Task
from wildcam.serving.card import ModelCard, task_of


class BatchMetadata(BaseModel):
    """What holds for all images of a batch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path  # folder that the paths are relative to
    source: str  # name of the data set, folder or list
    empty_model: str  # "" where the other model answers alone
    species_model: str
    classes: tuple[str, ...]  # of stage 2, or of the one model
    cards: tuple[ModelCard, ...] = ()  # of the models, as they were; none where they are not known
    is_demo: bool
    views: int  # of each image, at most; the rows have the number
    quick: bool = False  # two views first, the others only where these disagree
    aggregation: str
    empty_threshold: float
    unknown_threshold: float
    run_id: str
    created_at: AwareDatetime

    @property
    def graphs(self) -> tuple[str, ...]:
        """The hashes of the models' graphs."""
        return tuple(card.sha256 for card in self.cards)

    @property
    def has_two_stages(self) -> bool:
        """Whether the species' probabilities hold for animals only, and not for all images."""
        return len(self.names) == 2

    @property
    def task(self) -> Task:
        """What the models predict together."""
        return task_of(self.cards)

    @property
    def classifier(self) -> str:
        """Both models in one name."""
        return f"WildCam {self.models}"

    @property
    def names(self) -> tuple[str, ...]:
        """The models' names, in the order of `cards`."""
        return tuple(filter(None, (self.empty_model, self.species_model)))

    @property
    def models(self) -> str:
        """The models' names in one."""
        return " + ".join(self.names)
