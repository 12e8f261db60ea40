"""The detector's surest animal of each image: which box counts, for training and for prediction alike."""

import pandas as pd

CONFIDENT_BOX = 0.2
"""MegaDetector's makers take a box seriously from here on; below it the whole image is taken."""

BOX_COLUMNS = ("box_x", "box_y", "box_width", "box_height")
"""The catalog's columns of the best animal box: left, top, width, height, relative."""


def confident_boxes(rows: pd.DataFrame) -> pd.DataFrame:
    """`BOX_COLUMNS` of rows of the catalog; missing where the detector is sure of no animal."""
    boxes = rows[list(BOX_COLUMNS)]
    sure = (rows["detector_confidence"] >= CONFIDENT_BOX) & boxes.notna().all(axis=1)
    return boxes.where(sure & (rows["box_width"] > 0) & (rows["box_height"] > 0))
