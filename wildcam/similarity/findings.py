"""What the neighbours of photos tell: labels that disagree with them, the same photo twice, photos like no other."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.choice import Choice
from wildcam.data.sequences import known_bursts
from wildcam.similarity.index import SimilarityIndex

SAME = 0.98
"""Cosine from which two photos of different bursts are called the same."""


class AlikeFinding(Choice):
    """A list of photos that the neighbours single out."""

    SUSPICIOUS = "suspicious", "Labels unlike their neighbours'"
    SAME = "same", "The same at several locations"
    OUTLIER = "outlier", "Like no other"


def find_alike(index: SimilarityIndex, table: pd.DataFrame, finding: AlikeFinding) -> pd.DataFrame:
    """`image_id`, `score` (0–1) and `note` of the photos of a finding, the highest score first.

    `table`: the data set's index. Photos that it no longer has are left out, and neighbours of the same burst do not
    count: they are alike because they are one event.
    """
    photos = _photos(index, table)
    if finding is AlikeFinding.SUSPICIOUS:
        found = _suspicious(index, photos)
    elif finding is AlikeFinding.SAME:
        found = _same(index, photos)
    else:
        found = _outliers(index, photos)
    return found.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def label_dispute(index: SimilarityIndex, table: pd.DataFrame) -> pd.Series:
    """By image id, how far the neighbours' labels speak against the photo's own, 0–1; 0 where it has none."""
    photos = _photos(index, table)
    return pd.Series(_disagreement(index, photos)[0], index=photos["image_id"])


def _photos(index: SimilarityIndex, table: pd.DataFrame) -> pd.DataFrame:
    """`image_id`, `label`, `location`, `burst` and `known` of the index's photos, in its order."""
    rows = table.set_index("image_id")
    burst = known_bursts(table).set_axis(table["image_id"])
    photos = pd.DataFrame({"image_id": index.image_ids})
    photos["known"] = photos["image_id"].isin(rows.index)
    for name in ("label", "location"):
        photos[name] = photos["image_id"].map(rows[name].astype(object))
    photos["burst"] = photos["image_id"].map(burst).fillna(-1).astype("int64")
    return photos


def _counting(index: SimilarityIndex, photos: pd.DataFrame) -> NDArray[np.bool_]:
    """(N, K): whether each neighbour is still there and of another burst."""
    burst, known = photos["burst"].to_numpy(), photos["known"].to_numpy()
    return (burst[index.neighbours] != burst[:, None]) & known[index.neighbours] & known[:, None]


def _disagreement(index: SimilarityIndex, photos: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """The weighted share of the neighbours with a label that have another one, and the label that most have."""
    codes, names = pd.factorize(photos["label"], use_na_sentinel=True)
    of_neighbours = codes[index.neighbours]
    weights = np.where(_counting(index, photos) & (of_neighbours >= 0), np.maximum(index.similarities, 0.0), 0.0)
    total = weights.sum(axis=1)
    own = np.where(of_neighbours == codes[:, None], weights, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore"):
        against = np.where((total > 0) & (codes >= 0), 1 - own / np.where(total > 0, total, 1.0), 0.0)
    votes = np.zeros((len(photos), max(len(names), 1)), np.float32)
    rows = np.repeat(np.arange(len(photos)), of_neighbours.shape[1])
    np.add.at(votes, (rows, np.maximum(of_neighbours, 0).ravel()), weights.ravel().astype(np.float32))
    majority = np.array([*names, ""], dtype=object)[votes.argmax(axis=1)] if len(names) else np.full(len(photos), "")
    return against, majority


def _suspicious(index: SimilarityIndex, photos: pd.DataFrame) -> pd.DataFrame:
    against, majority = _disagreement(index, photos)
    differs = (against > 0.5) & (majority != photos["label"].to_numpy())
    notes = [f"neighbours: {name}" for name in majority[differs]]
    return pd.DataFrame({"image_id": photos["image_id"][differs], "score": against[differs], "note": notes})


def _same(index: SimilarityIndex, photos: pd.DataFrame) -> pd.DataFrame:
    places = pd.factorize(photos["location"], use_na_sentinel=True)[0]
    elsewhere = _counting(index, photos) & (places[index.neighbours] != places[:, None]) & (places[:, None] >= 0)
    likeness = np.where(elsewhere & (places[index.neighbours] >= 0), index.similarities, -1.0)
    best = likeness.argmax(axis=1)
    rows = np.arange(len(photos))
    score = likeness[rows, best]
    found = score >= SAME
    twins = photos["location"].to_numpy()[index.neighbours[rows, best]]
    notes = [f"also at {place}" for place in twins[found]]
    return pd.DataFrame({"image_id": photos["image_id"][found], "score": score[found], "note": notes})


def _outliers(index: SimilarityIndex, photos: pd.DataFrame) -> pd.DataFrame:
    """The hundredth whose nearest photo of another burst is farthest."""
    counting = _counting(index, photos)
    nearest = np.where(counting, index.similarities, -1.0).max(axis=1)
    score = 1 - np.clip(nearest, 0.0, 1.0)
    known = counting.any(axis=1)  # of a burst that is longer than the list of neighbours nothing else is known
    few = max(1, int(known.sum()) // 100)
    far = known & (score >= np.sort(score[known])[-few]) if known.any() else known
    notes = [f"nearest: {value:.2f}" for value in nearest[far]]
    return pd.DataFrame({"image_id": photos["image_id"][far], "score": score[far], "note": notes})
