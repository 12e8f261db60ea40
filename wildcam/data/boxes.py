"""The most confident animal box of each image: which box counts, for training and prediction alike."""

import pandas as pd

CONFIDENT_BOX = 0.2
"""Confidence from which MegaDetector's authors trust a box; below it the whole image is taken."""

BOX_COLUMNS = ("box_x", "box_y", "box_width", "box_height")
"""The catalog's columns of the best animal box: left, top, width, height, relative."""


def confident_boxes(rows: pd.DataFrame) -> pd.DataFrame:
    """`BOX_COLUMNS` of rows of the catalog; missing where no animal box has that confidence."""
    boxes = rows[list(BOX_COLUMNS)]
    confident = (rows["detector_confidence"] >= CONFIDENT_BOX) & boxes.notna().all(axis=1)
    return boxes.where(confident & (rows["box_width"] > 0) & (rows["box_height"] > 0))
