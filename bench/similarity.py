"""Neighbours among made-up features: seconds and memory by the number of photos, and what a page then waits for."""

import resource
import time

import numpy as np
import pandas as pd

from wildcam.similarity.findings import AlikeFinding, find_alike
from wildcam.similarity.index import IndexInfo, SimilarityIndex
from wildcam.similarity.neighbours import groups, main_components, nearest, plane

SIZES = (5_000, 20_000, 50_000)
FEATURES, LABELS = 1_280, 216


def main() -> None:
    """Print a line for each size."""
    for size in SIZES:
        random = np.random.default_rng(size)
        labels = random.integers(0, LABELS, size)
        centres = random.normal(0, 1, (LABELS, FEATURES)).astype(np.float32)
        features = centres[labels] + random.normal(0, 1, (size, FEATURES)).astype(np.float32)
        seconds = [time.perf_counter()]
        vectors = main_components(features)
        seconds.append(time.perf_counter())
        flat, group = plane(vectors), groups(vectors)
        seconds.append(time.perf_counter())
        neighbours, similarities = nearest(vectors)
        seconds.append(time.perf_counter())
        ids = np.array([f"{number}" for number in range(size)], dtype=object)
        info = IndexInfo(backbone="", made_at=pd.Timestamp.now("UTC").to_pydatetime(), photos_key="", unreadable=0)
        index = SimilarityIndex(info, ids, flat, group, neighbours, similarities)
        find_alike(index, _table(ids, labels), AlikeFinding.SUSPICIOUS)
        seconds.append(time.perf_counter())
        components, map_, search, page = np.diff(seconds)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"{size:,} photos: components {components:.1f} s, map and groups {map_:.1f} s, neighbours {search:.1f} s, "
            f"a list on the page {page:.2f} s; peak {peak:.1f} GB",
            flush=True,
        )


def _table(ids: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "image_id": ids,
            "path": ids,
            "label": pd.Categorical([f"species {number}" for number in labels]),
            "location": pd.Categorical(["north"] * len(ids)),
            "sequence_id": pd.Series([None] * len(ids), dtype="string"),
            "taken_at": pd.Series([pd.NaT] * len(ids), dtype="datetime64[ms]"),
        }
    )
