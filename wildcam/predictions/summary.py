"""The predictions of a batch by label, location and burst."""

import pandas as pd

from wildcam.data.sequences import GAP_SECONDS, known_bursts
from wildcam.serving.bursts import decide_burst
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN


def by_label(table: pd.DataFrame) -> pd.DataFrame:
    """A row a label, the most frequent first: `label, images, locations, confidence` (the mean, 0–1)."""
    groups = table.groupby("label", sort=False)
    found = groups.agg(images=("label", "size"), locations=("location", "nunique"), confidence=("confidence", "mean"))
    return found.sort_values("images", ascending=False, kind="stable").reset_index()


def by_location(table: pd.DataFrame) -> pd.DataFrame:
    """A row a location: `location, images, animals, empty, failed, species` (number of species named), `majority`."""
    named = table[~table["label"].isin([EMPTY, UNKNOWN, FAILED])]
    found = pd.DataFrame(
        {
            "images": table.groupby("location").size(),
            "animals": table[~table["label"].isin([EMPTY, FAILED])].groupby("location").size(),
            "empty": table[table["label"] == EMPTY].groupby("location").size(),
            "failed": table[table["label"] == FAILED].groupby("location").size(),
            "species": named.groupby("location")["label"].nunique(),
            "majority": named.groupby("location")["label"].agg(lambda labels: labels.value_counts().index[0]),
        }
    )
    counts = ["images", "animals", "empty", "failed", "species"]
    found[counts] = found[counts].fillna(0).astype("int64")
    found["majority"] = found["majority"].fillna("")
    return found.rename_axis("location").sort_values("animals", ascending=False, kind="stable").reset_index()


BURST_COLUMNS = (
    "location",
    "taken_at",
    "images",
    "label",
    "confidence",
    "agreement",
    "sentence",
    "labels",
    "paths",
    "image_ids",
)


def by_burst(table: pd.DataFrame, gap_seconds: float = GAP_SECONDS) -> pd.DataFrame:
    """`BURST_COLUMNS`, a row a burst of two images or more, in the table's order.

    The source's sequences where it has them, else location and time.
    """
    numbers = known_bursts(table, gap_seconds=gap_seconds)
    together = numbers.duplicated(keep=False)
    rows = []
    for _, own in table[together].groupby(numbers[together], sort=False):
        reviewed = own["reviewed_at"].notna().tolist() if "reviewed_at" in own else None
        verdict = decide_burst(own["label"].tolist(), own["confidence"].tolist(), reviewed)
        rows.append(
            {
                "location": own["location"].iloc[0],
                "taken_at": own["taken_at"].min(),
                "images": len(own),
                "label": verdict.label,
                "confidence": verdict.confidence,
                "agreement": verdict.agreement,
                "sentence": verdict.sentence(),
                "labels": ", ".join(own["label"]),
                "paths": ", ".join(own["path"]),
                "image_ids": own["image_id"].tolist(),
            }
        )
    return pd.DataFrame(rows, columns=list(BURST_COLUMNS))
