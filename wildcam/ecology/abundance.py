"""Relative abundance: independent detections per 100 trap nights, and at how many locations each species was seen."""

import numpy as np
import pandas as pd

from wildcam.evaluation.bootstrap import DRAWS, LEVEL

ABUNDANCE_COLUMNS = (
    "species",
    "detections",
    "locations",  # with at least one detection
    "naive_occupancy",  # share of the watched locations, 0–1; not corrected for imperfect detection
    "per_100_nights",
    "low",  # its interval at LEVEL; NaN with fewer than two locations
    "high",
)


def relative_abundance(detections: pd.DataFrame, effort: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """`ABUNDANCE_COLUMNS`, the most frequent first.

    `detections`: `location`, `species`. `effort`: `location`, `nights`. Only locations with a known effort count.
    Intervals draw locations with replacement (percentile bootstrap): they tell of the choice of locations, not of how
    well each species is detected.
    """
    watched = effort[effort["nights"] > 0].set_index("location")["nights"]
    counts = (
        detections[detections["location"].isin(watched.index)]
        .groupby(["location", "species"], observed=True)
        .size()
        .unstack(fill_value=0)
        .reindex(watched.index, fill_value=0)
    )  # (L, S)
    if counts.empty or not counts.shape[1]:
        return pd.DataFrame(columns=list(ABUNDANCE_COLUMNS))
    places = len(watched)
    draws = np.random.default_rng(seed).multinomial(places, np.full(places, 1 / places), DRAWS)  # (D, L)
    rates = 100 * (draws @ counts.to_numpy()) / (draws @ watched.to_numpy())[:, None]  # (D, S)
    low, high = np.quantile(rates, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0) if places > 1 else (np.nan, np.nan)
    seen = (counts > 0).sum()
    table = pd.DataFrame(
        {
            "species": counts.columns.astype(str),
            "detections": counts.sum().to_numpy(),
            "locations": seen.to_numpy(),
            "naive_occupancy": (seen / places).to_numpy(),
            "per_100_nights": (100 * counts.sum() / watched.sum()).to_numpy(),
            "low": low,
            "high": high,
        }
    )
    return table.sort_values(["detections", "species"], ascending=[False, True], ignore_index=True)
