"""The random changes of a training image, as values; test-time augmentation draws its views from them."""

from pydantic import BaseModel, ConfigDict

FASTAI_SHARE = 0.75
"""How often fastai applies each transform but the flip: the chance in its `aug_transforms`."""


class Augmentation(BaseModel):
    """Ranges of the random transforms; zero (or False) switches one off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    flip: bool = True  # left to right, half of the time
    rotation_degrees: float = 0.0  # at most, in either direction
    zoom: float = 0.0  # at most, as a share of the image's side
    brightness: float = 0.0  # at most, as a share of full scale
    contrast: float = 0.0  # at most, as a share around the mean
    warp: float = 0.0  # strength of the perspective change (fastai's `max_warp`)
