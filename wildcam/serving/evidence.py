"""Where an image speaks for a class: the class activation map (Zhou et al. 2016, arXiv:1512.04150) of the graph.

A bundle's graph may have the output `evidence`, whose mean over the map is the logit of each class. It costs no further
pass, and it is exact for a network with global average pooling and a linear head.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from wildcam.images import Box
from wildcam.serving.card import EMPTY

FINE = 56
"""Cells along a side of the enlarged map that boxes and windows are found on."""

BOX_SHARE = 0.5
"""A region is where the map has at least this share of its maximum."""

WINDOW = 0.5
"""Side of the window of strongest evidence, as a share of the image's."""


@dataclass(frozen=True)
class Evidence:
    """Where one image speaks for a subject. Not a detection: a box may hold several animals, or none."""

    subject: str  # `animal`, or a species
    heat: tuple[tuple[int, ...], ...]  # rows from the top, 0–255, 255: the strongest; what speaks against it is 0
    box: Box | None  # around the largest connected region of strong evidence; None where nothing speaks for it

    @property
    def map(self) -> NDArray[np.float32]:
        """The heat, float32, (h, w), 0–1."""
        return np.array(self.heat, np.float32) / np.float32(255)


def find_evidence(subject: str, class_map: NDArray[np.float32]) -> Evidence:
    """`class_map`: float32, (h, w); above zero it speaks for the subject."""
    positive = np.maximum(class_map, 0)
    peak = float(positive.max())
    heat = np.round(255 * positive / peak) if peak > 0 else positive
    return Evidence(subject, tuple(tuple(int(value) for value in row) for row in heat), evidence_box(class_map))


def map_of_class(evidence: NDArray[np.float32], index: int) -> NDArray[np.float32]:
    """What speaks for one class more than for the others on average. (h, w, C) → (h, w)"""
    others = (evidence.sum(axis=2) - evidence[..., index]) / (evidence.shape[2] - 1)
    return np.asarray(evidence[..., index] - others, np.float32)


def map_of_animal(evidence: NDArray[np.float32], classes: Sequence[str]) -> NDArray[np.float32]:
    """What speaks for an animal: against `empty` where the model has that class, else for any one species.

    (h, w, C) → (h, w)
    """
    if EMPTY in classes:
        return -map_of_class(evidence, classes.index(EMPTY))
    return np.asarray(evidence.max(axis=2) - evidence.mean(axis=2), np.float32)


def evidence_box(class_map: NDArray[np.float32]) -> Box | None:
    """Around the largest connected region of strong evidence. float32, (h, w) → relative to the image."""
    fine = enlarge(class_map, FINE)
    peak = float(fine.max())
    if not peak > 0:
        return None
    regions, count = ndimage.label(fine >= BOX_SHARE * peak)
    sizes = np.bincount(regions.ravel(), minlength=count + 1)
    rows, columns = ndimage.find_objects(regions)[int(sizes[1:].argmax())]
    return (
        columns.start / FINE,
        rows.start / FINE,
        (columns.stop - columns.start) / FINE,
        (rows.stop - rows.start) / FINE,
    )


def strongest_window(class_map: NDArray[np.float32]) -> Box:
    """The part of the image, half as wide and high, with the largest sum of evidence. float32, (h, w)."""
    side = round(FINE * WINDOW)
    sums = np.pad(enlarge(class_map, FINE).astype(np.float64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    totals = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    top, left = np.unravel_index(int(totals.argmax()), totals.shape)
    return float(left) / FINE, float(top) / FINE, WINDOW, WINDOW


def enlarge(class_map: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """The map in this size, bilinear. float32, (h, w) → (side, side)."""
    resized = Image.fromarray(np.asarray(class_map, np.float32)).resize((side, side), Image.Resampling.BILINEAR)
    return np.asarray(resized, np.float32)
