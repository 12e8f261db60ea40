"""Species accumulation: how many species so many of the locations are expected to show."""

import numpy as np
import pandas as pd
from scipy.special import gammaln

ACCUMULATION_COLUMNS = ("locations", "expected_species")


def species_accumulation(detections: pd.DataFrame, locations: int) -> pd.DataFrame:
    """`ACCUMULATION_COLUMNS` for 1 to `locations` locations, of which those without a detection are some.

    The mean over all orders of the locations, worked out exactly (Mao Tau; Colwell, Mao and Chang 2004, formula 5).
    `detections`: `location`, `species`.
    """
    seen_at = detections.groupby("species", observed=True)["location"].nunique().to_numpy()  # (S,)
    drawn = np.arange(1, locations + 1)
    missed = np.exp(_log_share_without(locations, seen_at[:, None], drawn[None, :]))  # (S, L): unseen in so many
    return pd.DataFrame({"locations": drawn, "expected_species": (1 - missed).sum(axis=0)})


def _log_share_without(total: int, seen_at: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The logarithm of the share of choices of `drawn` locations that hold none of `seen_at`: a ratio of binomials."""
    left = total - seen_at - drawn
    possible = left >= 0
    share = gammaln(total - seen_at + 1) - gammaln(np.where(possible, left, 0) + 1)
    share = share + gammaln(total - drawn + 1) - gammaln(total + 1)
    return np.where(possible, share, -np.inf)
