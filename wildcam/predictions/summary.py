"""What a batch found, by species, by camera and by burst."""

import pandas as pd

from wildcam.data.sequences import GAP_SECONDS
from wildcam.serving.bursts import burst_numbers, decide_burst
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


BURST_COLUMNS = (
    "location", "taken_at", "photographs", "label", "confidence", "agreement", "sentence", "labels", "paths", "image_ids",
)  # fmt: skip


def by_burst(table: pd.DataFrame, gap_seconds: float = GAP_SECONDS) -> pd.DataFrame:
    """`BURST_COLUMNS`, a row a burst of two photographs or more, in the table's order.

    The source's sequences where it has them, else camera and time.
    """
    numbers = pd.Series(burst_numbers(table, gap_seconds), index=table.index)
    together = numbers.duplicated(keep=False)
    rows = []
    for _, own in table[together].groupby(numbers[together], sort=False):
        verdict = decide_burst(own["label"].tolist(), own["confidence"].tolist())
        rows.append(
            {
                "location": own["location"].iloc[0], "taken_at": own["taken_at"].min(), "photographs": len(own),
                "label": verdict.label, "confidence": verdict.confidence, "agreement": verdict.agreement,
                "sentence": verdict.sentence(), "labels": ", ".join(own["label"]), "paths": ", ".join(own["path"]),
                "image_ids": own["image_id"].tolist(),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(BURST_COLUMNS))
