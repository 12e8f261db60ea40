"""A photo under a heat map, in colour."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from plotly.colors import get_colorscale, sample_colorscale

from wildcam.data.thumbnails import outline
from wildcam.serving.evidence import Evidence

COLOURS = "Viridis"  # readable for colour-blind people, and in grey
OPACITY = 0.55

MOST_SIDE = 768
"""Longest side of a photo under its evidence, px."""


def overlay(image: NDArray[np.uint8], heat: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The image under its heat, in colour. uint8, (H, W, 3), and float32, (H, W), 0–1 → uint8, (H, W, 3)."""
    table = np.array(
        sample_colorscale(get_colorscale(COLOURS), np.linspace(0, 1, 256), colortype="tuple"), dtype=np.float32
    )  # (256, 3), 0–1
    colours = 255 * table[(heat * 255).round().astype(np.uint8)]
    return np.round(image * (1 - OPACITY) + colours * OPACITY).astype(np.uint8)


def photo_under_evidence(photo: bytes, evidence: Evidence) -> Image.Image:
    """The photo under its evidence, with the frame of its box. `photo`: an encoded image, upright."""
    with Image.open(io.BytesIO(photo)) as opened:
        image = opened.convert("RGB")
    image.thumbnail((MOST_SIDE, MOST_SIDE))
    heat = Image.fromarray(evidence.map).resize(image.size, Image.Resampling.BICUBIC)
    pixels = overlay(np.asarray(image), np.clip(np.asarray(heat, np.float32), 0, 1))
    if evidence.box is None:
        return Image.fromarray(pixels)
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=90)
    return outline(content.getvalue(), [evidence.box])
