"""What is known of a pretrained backbone: on the model card, and in the key of its cached features."""

from pydantic import BaseModel, ConfigDict, Field


class BackboneInfo(BaseModel):
    """A timm backbone with its weights. Inputs are scaled as `(image / 255 − mean) / deviation`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    architecture: str  # timm's name
    source: str  # where the weights come from
    licence: str  # SPDX where the source states one; "" where it does not
    sha256: str  # of the weights file; "" for random weights
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    interpolation: str  # that it was pretrained with
    image_size: int = Field(ge=1)  # px, that it was pretrained with
    features: int = Field(ge=1)  # length of a feature vector
    parameters: int = Field(ge=0)
    graph_sha256: str = ""  # of the graph that computes the features; "" where a framework does
    has_map: bool  # whether the feature vector is the mean of a feature map
