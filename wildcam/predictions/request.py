"""The request of a batch: the parameters of a run of the kind `predict`."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wildcam.data.splits import SplitPolicy, SplitSpec, Subset
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.tta import DEFAULT_VIEWS, MAX_VIEWS, ViewSet
from wildcam.serving.two_stage import Aggregation, Thresholds


class PredictionRequest(BaseModel):
    """Images, models and options of inference. Exactly one of `dataset`, `folder` and `listing` is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str = Field("", description="A data set of the catalog.")
    subset: Subset | Literal[""] = Field("", description="One subset of its split; empty for the whole data set.")
    split: SplitPolicy = SplitPolicy.LOCATION
    split_seed: int = Field(0, ge=0)
    folder: str = Field("", description="A folder on the server, with its subfolders.")
    listing: str = Field("", description="A text file with the path of a photo in each line.")
    roots: str = Field(
        "", description="The data folders that `folder`, `listing` and what it names must lie in; empty for any path."
    )
    results: str = Field("", description="Another program's file, kept with the run: it answers, and no model does.")
    empty_model: str = Field("", description="Stage 1; empty where the other model answers alone.")
    species_model: str = Field("", description="Stage 2, or one model alone; empty where stage 1 answers alone.")
    views: int = Field(DEFAULT_VIEWS, ge=1, le=MAX_VIEWS)
    view_set: ViewSet = Field(ViewSet.RANDOM, description="Which views; requests of older versions have random ones.")
    closer_weight: float = Field(0.0, ge=0, le=1, description="Weight of a closer look; 0 takes none.")
    quick: bool = Field(False, description="Two views first, the others only where these disagree.")
    aggregation: Aggregation = Aggregation.VOTE
    empty_threshold: float = Field(ge=0, le=1)
    unknown_threshold: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if sum(map(bool, (self.dataset, self.folder, self.listing))) != 1:
            given = [name for name in ("dataset", "folder", "listing") if getattr(self, name)]
            raise ValueError(f"received {', '.join(given) or 'no source'}: expected one of dataset, folder and listing")
        if not self.empty_model and not self.species_model and not self.results:
            raise ValueError("received no model: name one or two")
        if self.results and (self.empty_model or self.species_model or not self.dataset):
            raise ValueError("another program's results are of a data set and need no model: name the data set alone")
        if self.subset and not self.dataset:
            raise ValueError("a subset is part of a data set: name the data set, or leave the subset out")
        return self

    @property
    def split_spec(self) -> SplitSpec:
        """The split that has `subset`."""
        return SplitSpec(policy=self.split, seed=self.split_seed)

    @property
    def thresholds(self) -> Thresholds:
        """Both operating points."""
        return Thresholds(self.empty_threshold, self.unknown_threshold)

    @property
    def options(self) -> InferenceOptions:
        """How each image is classified."""
        return InferenceOptions(
            self.views, self.aggregation, self.thresholds, self.quick, self.view_set, self.closer_weight
        )

    @property
    def source(self) -> str:
        """Name of the data set, folder or list."""
        if self.dataset:
            return f"{self.dataset} ({self.subset})" if self.subset else self.dataset
        return self.folder or self.listing
