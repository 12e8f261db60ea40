"""Independent detections: photos of one species at one location, close in time, count once."""

import pandas as pd

INTERVAL_MINUTES = 30
"""The interval that most studies use (O'Brien, Kinnaird and Wibisono 2003)."""


def independent_detections(sightings: pd.DataFrame, minutes: float = INTERVAL_MINUTES) -> pd.DataFrame:
    """The first photo of each detection. `sightings`: `location`, `species`, `taken_at` of photos with an animal.

    A photo begins another detection where its species was last seen at its location more than `minutes` before
    (camtrapR's `deltaTimeComparedTo = "lastRecord"`). Photos without a location or a time are left out.
    """
    timed = sightings.dropna(subset=["location", "species", "taken_at"])
    timed = timed.sort_values("taken_at", kind="stable")
    since = timed.groupby(["location", "species"], observed=True)["taken_at"].diff()
    return timed[since.isna() | (since > pd.Timedelta(minutes=minutes))].reset_index(drop=True)
