"""What holds for all rows of a batch of predictions: models, thresholds, where the images are."""

from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from wildcam.architectures.presets import Task
from wildcam.counting import counted
from wildcam.serving.card import ModelCard, task_of
from wildcam.serving.trials import EnginePrecision
from wildcam.serving.tta import ViewSet
from wildcam.serving.two_stage import Aggregation


class ExternalSource(BaseModel):
    """Another program, whose results the batch holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    program: str  # with its version, as its file says
    file: str  # the name of its file
    sha256: str
    task: Task
    detection_threshold: float | None  # a detection below it counts as none; None where the program decided

    @property
    def sentence(self) -> str:
        """What it is, and how its answers were read."""
        read = (
            "its own decisions" if self.detection_threshold is None else f"detections from {self.detection_threshold:g}"
        )
        return f"{self.program}: {read}, from {self.file} (SHA-256 {self.sha256[:12]})."


class BatchMetadata(BaseModel):
    """What holds for all images of a batch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path  # folder that the paths are relative to
    source: str  # name of the data set, folder or list
    empty_model: str  # "" where the other model answers alone
    species_model: str
    classes: tuple[str, ...]  # of stage 2, or of the one model
    cards: tuple[ModelCard, ...] = ()  # of the models, as they were; none where they are not known
    external: ExternalSource | None = None  # in place of models
    is_demo: bool
    views: int  # of each image, at most; the rows have the number
    view_set: ViewSet = ViewSet.RANDOM  # batches of older versions have random views
    closer_weight: float = 0.0  # of the closer look; 0: none was taken
    precisions: tuple[EnginePrecision, ...] = ()  # the number format of each model; none where it is not known
    quick: bool = False  # two views first, the others only where these disagree
    aggregation: str
    empty_threshold: float
    unknown_threshold: float
    run_id: str
    created_at: AwareDatetime

    @property
    def settings(self) -> str:
        """Models with their hashes and number formats, views and thresholds, in a sentence; "" where not known."""
        if self.external:
            return self.external.sentence
        if not self.cards:
            return ""
        precisions = self.precisions or (None,) * len(self.cards)
        models = " and ".join(
            f"{name} (SHA-256 {card.sha256[:12]}{_format(card, precision)})"
            for name, card, precision in zip(self.names, self.cards, precisions, strict=True)
        )
        views = counted(self.views, "view") + (f" ({self.view_set.display})" if self.views > 1 else "")
        closer = f", closer look with weight {self.closer_weight:.2f}" if self.closer_weight else ""
        return (
            f"{models}; {views}{', two of them first' if self.quick else ''}, {Aggregation(self.aggregation).display}"
            f"{closer}; empty from {self.empty_threshold:.2f}, named from {self.unknown_threshold:.2f}."
        )

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
        return self.external.task if self.external else task_of(self.cards)

    @property
    def classifier(self) -> str:
        """Both models, or the program, in one name."""
        return self.models if self.external else f"WildCam {self.models}"

    @property
    def names(self) -> tuple[str, ...]:
        """The models' names, in the order of `cards`, or the other program's."""
        if self.external:
            return (self.external.program,)
        return tuple(filter(None, (self.empty_model, self.species_model)))

    @property
    def models(self) -> str:
        """The models' names in one."""
        return " + ".join(self.names)


def _format(card: ModelCard, precision: EnginePrecision | None) -> str:
    """The number format that was in use, and how far it may lie from the trained network."""
    if precision is None:
        return ""
    parity = card.parity_of(precision)
    return f", {precision.display}" + (f", within {parity:.1g} of the trained network" if parity is not None else "")
