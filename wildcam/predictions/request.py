"""What a batch of predictions is asked for: the parameters of a run of the kind `predict`."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wildcam.data.splits import SplitPolicy, SplitSpec, Subset
from wildcam.serving.tta import DEFAULT_VIEWS, MAX_VIEWS
from wildcam.serving.two_stage import Aggregation, Thresholds


class PredictionRequest(BaseModel):
    """Which images, which models, and how they vote. Exactly one of `dataset`, `folder` and `listing` is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str = Field("", description="A data set of the catalog.")
    subset: Subset | Literal[""] = Field("", description="One side of its split; all of it where nothing is said.")
    split: SplitPolicy = SplitPolicy.LOCATION
    split_seed: int = Field(0, ge=0)
    folder: str = Field("", description="A folder on the server, with all below it.")
    listing: str = Field("", description="A text file with the path of a photo in each line.")
    empty_model: str = Field("", description="Stage 1; nothing where the other model answers alone.")
    species_model: str = Field("", description="Stage 2, or one model alone; nothing where stage 1 answers alone.")
    views: int = Field(DEFAULT_VIEWS, ge=1, le=MAX_VIEWS)
    quick: bool = Field(False, description="Two views, and the others only where these disagree.")
    aggregation: Aggregation = Aggregation.VOTE
    empty_threshold: float = Field(ge=0, le=1)
    unknown_threshold: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if sum(map(bool, (self.dataset, self.folder, self.listing))) != 1:
            raise ValueError("exactly one of a data set, a folder and a list of photos is expected")
        if not self.empty_model and not self.species_model:
            raise ValueError("a model is expected")
        if self.subset and not self.dataset:
            raise ValueError("a side is one of a data set's: name the data set")
        return self

    @property
    def split_spec(self) -> SplitSpec:
        """The split that `side` is one of."""
        return SplitSpec(policy=self.split, seed=self.split_seed)

    @property
    def thresholds(self) -> Thresholds:
        """Both operating points."""
        return Thresholds(self.empty_threshold, self.unknown_threshold)

    @property
    def source(self) -> str:
        """What is looked at, in words."""
        if self.dataset:
            return f"side {self.subset} of {self.dataset}" if self.subset else self.dataset
        return self.folder or self.listing
