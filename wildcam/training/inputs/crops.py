"""Images cropped to the detector's most confident box."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.data.boxes import BOX_COLUMNS, CONFIDENT_BOX, confident_boxes
from wildcam.data.catalog import Dataset
from wildcam.errors import DataError
from wildcam.images import load_square
from wildcam.training.recipe import Recipe


@dataclass(frozen=True)
class Crops:
    """Boxes that images are cropped to.

    `boxes`: float32, (N, 4), left, top, width, height, relative; NaN keeps it whole.
    """

    boxes: NDArray[np.float32]
    margin: float

    def load(self, position: int, path: Path, image_size: int) -> NDArray[np.uint8]:
        """The pixels of the image at a position, whose file this is. uint8, (S, S, 3), RGB, 0–255."""
        left, top, width, height = map(float, self.boxes[position])
        if np.isnan(left):
            return load_square(path, image_size)
        return load_square(path, image_size, box=(left, top, width, height), margin=self.margin)

    def identity(self, position: int) -> str:
        """Differs where the pixels of one file differ; empty for a whole image."""
        box = self.boxes[position]
        return "" if np.isnan(box[0]) else f"{box.tolist()}+{self.margin}"


def crops_of(rows: pd.DataFrame, recipe: Recipe) -> Crops | None:
    """The crops of rows of the catalog or of a selection; None where the recipe keeps images whole."""
    if not recipe.crops:
        return None
    return Crops(rows[list(BOX_COLUMNS)].to_numpy(np.float32), recipe.crop_margin)


def with_confident_boxes(rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Rows of the catalog without the boxes below `CONFIDENT_BOX`. Raises `DataError` where no row has one above."""
    boxes = confident_boxes(rows)
    if boxes.isna().all(axis=None):
        raise DataError(
            f"Data set {dataset.name!r} has no detector box with a confidence of {CONFIDENT_BOX:g} or more: add the "
            "results of a detector to it, or leave crops out."
        )
    return rows.assign(**boxes)
