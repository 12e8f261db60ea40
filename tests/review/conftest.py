"""A folder of photos, a queue of their labels, and the reviews of a home."""

from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.reviews import Reviews
from wildcam.review.queue import ReviewQueue, queue_of_answers

LABELS = ["fox", "fox", "deer", "empty", "fox", "unknown", "deer", "failed"]
CONFIDENCES = [0.9, 0.5, 0.8, 0.99, 0.4, 0.3, 0.7, 0.0]


@pytest.fixture
def queue(tmp_path: Path) -> ReviewQueue:
    """Eight answers; the first three photos are one burst."""
    root = tmp_path / "photos"
    root.mkdir()
    for number in range(len(LABELS)):
        (root / f"{number}.jpg").write_bytes(b"photo %d" % number)
    start = pd.Timestamp("2026-01-01 12:00:00")
    minutes = [0, 0, 0, 60, 120, 180, 240, 300]
    table = pd.DataFrame(
        {
            "image_id": [f"id{number}" for number in range(len(LABELS))],
            "path": [f"{number}.jpg" for number in range(len(LABELS))],
            "label": LABELS,
            "confidence": CONFIDENCES,
            "agreement": [4, 2, 4, 4, 3, 4, 4, 0],
            "views": [4, 4, 4, 4, 4, 4, 4, 0],
            "location": ["north"] * 4 + ["east"] * 4,
            "camera": "",
            "sequence_id": "",
            "taken_at": [start + pd.Timedelta(minutes=minute) for minute in minutes],
            "utc_offset": pd.array([None] * len(LABELS), dtype="Int16"),
        }
    )
    return queue_of_answers(table, root, "park-empty + park-species")


@pytest.fixture
def reviews(tmp_path: Path) -> Reviews:
    return Reviews(tmp_path / "home")
