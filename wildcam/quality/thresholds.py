"""Thresholds from measures to findings. The defaults were chosen on 2,436 real images from eight sources, by
inspecting the images that each default finds.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


def _field(default: float, title: str, description: str, unit: str, **limits: Any) -> Any:
    return Field(default, title=title, description=description, json_schema_extra={"unit": unit}, **limits)


class Thresholds(BaseModel):
    """A threshold for each finding, and one for infrared light."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # 459 of 2,436, 265 of them empty like the one before. Pairs up to 6 bits apart are the same to a person; at 8 a
    # squirrel has come or gone, at 10 a cow has turned. The labels of 35 pairs differ, though: an animal smaller than a
    # sixteenth of the image's sides may not show in the hash.
    near_identical_bits: int = _field(
        6,
        "Near-identical",
        "Consecutive photos of a location whose perceptual hashes differ in at most this many bits.",
        "of 256 bits",
        ge=0,
        le=64,
    )
    # 11: ten nights in which the flash hardly reached the animal, and an image whose lower half was lost.
    # At 0.08 another 46, dim and legible.
    dark_brightness: float = _field(0.07, "Dark", "Mean brightness below this.", "0 black to 1 white", ge=0, le=1)
    # 27, all of them through fog or drops on the lens. From 0.039 on the walls of a plain box and close,
    # soft fur begin.
    blurred_sharpness: float = _field(
        0.037,
        "Blurred",
        "Sharpness of the sharpest edges below this. Dark photos are not tested.",
        "0 uniform grey to 1 black beside white",
        ge=0,
        le=1,
    )
    # 68, the thumbnails of 100 × 75 px of one source; the next smallest images have 256 × 256 px.
    tiny_px: int = _field(128, "Tiny", "Shorter side below this.", "px", ge=1, le=4096)
    # 362. Black-and-white images reach 0.008 (by a coloured logo), those with colour start at 0.024 (snow at dusk).
    infrared_saturation: float = _field(
        0.015,
        "Infrared",
        "Saturation below this: black and white, taken by infrared light.",
        "0 grey to 1 pure colours",
        ge=0,
        le=1,
    )
