"""What a model knows: what it learned from, and how it answers where it never was."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from wildcam.counting import counted


class Estimate(BaseModel):
    """A score with its 95 % confidence interval, by the bootstrap over the groups that were left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    value: float
    low: float
    high: float
    images: int

    def describe(self) -> str:
        """The score with its interval."""
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


class GroupScore(BaseModel):
    """A location, burst or source that was left out, and how a model without it answers there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str
    images: int
    metric: str
    value: float


class SourceUse(BaseModel):
    """A collection of photos that the model learned from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    images: int
    licence: str
    url: str = ""


class Knowledge(BaseModel):
    """What the model learned from, and scores of models that learned without one group at a time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int = Field(ge=0)
    locations: int = Field(ge=0, description="That are known to be different.")
    species: int = Field(ge=0)
    sources: tuple[SourceUse, ...] = ()
    left_out: tuple[Estimate, ...] = ()
    groups: tuple[GroupScore, ...] = ()

    def estimate(self, metric: str) -> Estimate | None:
        """The score of that name, if it was measured."""
        return next((found for found in self.left_out if found.metric == metric), None)


def describe_knowledge(stage_1: Knowledge | None, stage_2: Knowledge | None) -> str:
    """One sentence of what a pair of models knows, and what it says of species that it never saw; "" if unknown."""
    if stage_1 is None or stage_2 is None:
        return ""
    places = counted(stage_1.locations, "location")
    if stage_1.sources:
        places += f" ({counted(len(stage_1.sources), 'source')})"
    photos = counted(stage_1.images, "photo")
    text = f"Trained on {photos} of {places}; knows {stage_2.species:,} species; calls others unknown"
    unseen = stage_2.estimate(UNSEEN_NAMED)
    if unseen is None:
        return f"{text}."
    return (
        f"{text}, except in {unseen.value:.0%} of the photos ({unseen.low:.0%} to {unseen.high:.0%}) of species that "
        "were left out of training: these got a wrong name."
    )


AUC, RECALL_EMPTY, RECALL_ANIMAL = "auc", "recall_empty", "recall_animal"
ACCURACY, MACRO_F1, NAMED, NAMED_CORRECT, UNSEEN_NAMED = (
    "accuracy",
    "macro_f1",
    "named",
    "named_correct",
    "unseen_named",
)

ESTIMATE_TITLES = {
    AUC: "AUC of empty against animal, mean of the groups left out",
    RECALL_EMPTY: "Blank recall",
    RECALL_ANIMAL: "Animal recall",
    ACCURACY: "Accuracy on known species, threshold 0",
    MACRO_F1: "Macro-F1 on known species, threshold 0",
    NAMED: "Photos of known species that got a name",
    NAMED_CORRECT: "Correct of those named",
    UNSEEN_NAMED: "Photos of species never seen that got a wrong name",
}
"""Of the scores, in the order of a table."""


def table_of(estimates: Sequence[Estimate]) -> list[dict[str, str | int]]:
    """A row a score, for a page or the command line."""
    return [
        {"score": ESTIMATE_TITLES[found.metric], "value (95 % CI)": found.describe(), "photos": found.images}
        for found in estimates
    ]
