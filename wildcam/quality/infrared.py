"""Images taken by infrared light: black and white, of the night."""

import pandas as pd

from wildcam.quality.thresholds import Thresholds


def is_infrared(quality: pd.DataFrame, thresholds: Thresholds = Thresholds()) -> pd.Series:
    """Whether each row of a quality table is black and white, boolean; missing where it was not measured."""
    measured = quality["saturation"].notna()
    return (quality["saturation"] < thresholds.infrared_saturation).astype("boolean").where(measured)
