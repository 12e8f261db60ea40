"""What a batch found, by species, by camera and by burst."""

import numpy as np
import pandas as pd

from wildcam.data.sequences import GAP_SECONDS
from wildcam.serving.bursts import decide_burst, group_bursts
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN


def by_label(table: pd.DataFrame) -> pd.DataFrame:
    """A row a label, the commonest first: `label, photographs, locations, confidence` (the mean, 0–1)."""
    groups = table.groupby("label", sort=False)
    found = groups.agg(
        photographs=("label", "size"), locations=("location", "nunique"), confidence=("confidence", "mean")
    )
    return found.sort_values("photographs", ascending=False, kind="stable").reset_index()


def by_location(table: pd.DataFrame) -> pd.DataFrame:
    """A row a camera: `location, photographs, animals, empty, failed, species` (how many were named), `commonest`."""
    named = table[~table["label"].isin([EMPTY, UNKNOWN, FAILED])]
    found = pd.DataFrame(
        {
            "photographs": table.groupby("location").size(),
            "animals": table[~table["label"].isin([EMPTY, FAILED])].groupby("location").size(),
            "empty": table[table["label"] == EMPTY].groupby("location").size(),
            "failed": table[table["label"] == FAILED].groupby("location").size(),
            "species": named.groupby("location")["label"].nunique(),
            "commonest": named.groupby("location")["label"].agg(lambda labels: labels.value_counts().index[0]),
        }
    )
    counts = ["photographs", "animals", "empty", "failed", "species"]
    found[counts] = found[counts].fillna(0).astype("int64")
    found["commonest"] = found["commonest"].fillna("")
    return found.rename_axis("location").sort_values("animals", ascending=False, kind="stable").reset_index()


def by_burst(table: pd.DataFrame, gap_seconds: float = GAP_SECONDS) -> pd.DataFrame:
    """A row a burst of two photographs or more, in the table's order: `location, taken_at, photographs, label, confidence, agreement,
    labels, image_ids`. The source's sequences where it has them, else camera and time.
    """
    numbers = _burst_numbers(table, gap_seconds)
    rows = []
    for _, own in table.groupby(numbers, sort=False):
        if len(own) > 1:
            verdict = decide_burst(own["label"].tolist(), own["confidence"].tolist())
            rows.append(
                {
                    "location": own["location"].iloc[0], "taken_at": own["taken_at"].min(), "photographs": len(own),
                    "label": verdict.label, "confidence": verdict.confidence, "agreement": verdict.agreement,
                    "labels": ", ".join(own["label"]), "image_ids": own["image_id"].tolist(),
                }
            )  # fmt: skip
    columns = ["location", "taken_at", "photographs", "label", "confidence", "agreement", "labels", "image_ids"]
    return pd.DataFrame(rows, columns=columns)


def _burst_numbers(table: pd.DataFrame, gap_seconds: float) -> np.ndarray:
    times = [None if pd.isna(time) else time.to_pydatetime() for time in table["taken_at"]]
    by_time = pd.Series(group_bursts(times, table["location"].tolist(), gap_seconds), dtype="str")
    named = table["sequence_id"].reset_index(drop=True)
    return (("s" + named).where(named != "", "t" + by_time)).to_numpy()
