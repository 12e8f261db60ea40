"""The photos to review, in an order, each with what its source or a model says of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_pandas_object

from wildcam.choice import Choice
from wildcam.data.catalog import Dataset, Status
from wildcam.data.reviews import Decision, ReviewLayer
from wildcam.data.sequences import SEQUENCE_COLUMNS, known_bursts

QUEUE_COLUMNS = (
    "image_id",
    "path",  # relative to the root, with `/`
    "predicted",  # the label of the source or of the model; "" for none
    "confidence",  # of the model's answer, 0–1; NaN where labels are reviewed
    "dispute",  # 0–1: how much speaks against the answer, the views that voted otherwise or a model that says otherwise
    "location",  # "" where unknown
    "taken_at",
    "burst",  # number of the burst; of a photo that is known to be in none its own
    "group",  # number of the group of alike photos, the largest first; -1 where it is not known
)
NO_LABEL = ""


class ReviewOrder(Choice):
    """Which photos come first."""

    RANDOM = "random", "Random sample"  # the only one from which the accuracy of the whole is estimated
    LEAST_CONFIDENT = "least_confident", "Least confident first"
    DISPUTED = "disputed", "Most disputed first"
    ALIKE = "alike", "Alike together"  # once the photos of the data set were compared
    BURSTS = "bursts", "Burst by burst"
    LOCATIONS = "locations", "Location by location"


class Show(Choice):
    """Which photos are in the queue."""

    TO_REVIEW = "to_review", "To review"
    REVIEWED = "reviewed", "Reviewed"
    OPEN = "open", "Not sure or flagged"
    ALL = "all", "All"


@dataclass(frozen=True)
class Alike:
    """What a comparison of the data set's photos says, by image id."""

    group: pd.Series  # number of the group of alike photos, the largest first
    dispute: pd.Series  # 0–1: how far the labels of alike photos speak against a photo's own


NOT_COMPARED = Alike(pd.Series(dtype="int64"), pd.Series(dtype="float64"))


@dataclass(frozen=True)
class ReviewQueue:
    """Photos below one folder."""

    table: pd.DataFrame  # `QUEUE_COLUMNS`, in the order of the source
    root: Path
    models: str = ""  # whose answers are reviewed; "" for labels of a source

    def rows(self, order: ReviewOrder, show: Show, labels: Iterable[str], reviews: ReviewLayer) -> NDArray[np.int64]:
        """The positions in the table of the photos to show, in order; (N,). `labels`: only these answers, or all."""
        kept = self._shown(show, reviews)
        wanted = list(labels)
        if wanted:
            kept &= self.table["predicted"].isin(wanted).to_numpy()
        positions = np.flatnonzero(kept)
        return positions[np.argsort(self._rank(order)[positions], kind="stable")]

    def lacks(self, order: ReviewOrder) -> str:
        """Why an order leaves the photos as they come, and what to do; "" where it does not."""
        if order is ReviewOrder.LEAST_CONFIDENT and self.table["confidence"].isna().all():
            return "Labels of a source have no confidence. Review the answers of a batch, or choose another order."
        if order is ReviewOrder.DISPUTED and not self.table["dispute"].any():
            return (
                "Nothing is disputed: views, a batch and alike photos would tell. Let a batch answer these photos with "
                "several views, or compare them (Explore, Photos, Similarity)."
            )
        if order is ReviewOrder.ALIKE and (self.table["group"] < 0).all():
            return "These photos were not compared yet: Explore, Photos, Similarity does it."
        return ""

    def burst_of(self, row: int) -> NDArray[np.int64]:
        """The positions of all photos of the burst of one."""
        return np.flatnonzero(self._bursts == self._bursts[row])

    def one_a_burst(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first of each burst of these."""
        _, first = np.unique(self._bursts[rows], return_index=True)
        return rows[np.sort(first)]

    @cached_property
    def content(self) -> str:
        """Sixteen hex digits that change when the photos, what is said of them or what they are ordered by does."""
        hashes = hash_pandas_object(self.table, index=False, categorize=False).to_numpy()  # type: ignore[operator]
        return blake2b(hashes.tobytes() + str(self.root).encode() + self.models.encode(), digest_size=8).hexdigest()

    @cached_property
    def answers(self) -> list[str]:
        """Every answer, the most frequent first."""
        return self.table["predicted"].value_counts().index.tolist()

    @cached_property
    def _bursts(self) -> NDArray[np.int64]:
        return self.table["burst"].to_numpy(dtype=np.int64)

    def _shown(self, show: Show, reviews: ReviewLayer) -> NDArray[np.bool_]:
        paths = self.table["path"]
        match show:
            case Show.ALL:
                return np.ones(len(paths), dtype=bool)
            case Show.TO_REVIEW:
                return ~paths.isin(reviews.by_path).to_numpy()
            case Show.REVIEWED:
                return paths.isin(reviews.labels()).to_numpy()
            case Show.OPEN:
                wanted = (Decision.UNDECIDED, Decision.FLAG)
                return paths.isin(
                    [path for path, each in reviews.by_path.items() if each.decision in wanted]
                ).to_numpy()

    def _rank(self, order: ReviewOrder) -> NDArray[np.float64]:
        """The lowest first; the source's order where two are equal."""
        table = self.table
        match order:
            case ReviewOrder.RANDOM:  # the same sample tomorrow and for everybody
                numbers = hash_pandas_object(table["image_id"], index=False, categorize=False)  # type: ignore[operator]
                return numbers.to_numpy(dtype=np.float64)
            case ReviewOrder.LEAST_CONFIDENT:
                return table["confidence"].fillna(1.0).to_numpy(dtype=np.float64)
            case ReviewOrder.DISPUTED:
                return -table["dispute"].to_numpy(dtype=np.float64)
            case ReviewOrder.ALIKE:
                return table["group"].where(table["group"] >= 0, np.inf).to_numpy(dtype=np.float64)
            case ReviewOrder.BURSTS:
                return self._bursts.astype(np.float64)
            case ReviewOrder.LOCATIONS:
                places = pd.factorize(table["location"], sort=True)[0].astype(np.float64)
                time = table["taken_at"].rank(method="dense").fillna(0).to_numpy()
                return places + time / (time.max(initial=0) + 1)


def queue_of_labels(dataset: Dataset, answers: pd.DataFrame | None = None, alike: Alike = NOT_COMPARED) -> ReviewQueue:
    """A data set's own labels, as its policy reads them, of the photos that can be opened.

    `answers`: `image_id`, `label` and `confidence` of a batch of it: what it contradicts is disputed, and so is what
    alike photos contradict.
    """
    index = dataset.unreviewed
    index = index[index["status"].isin([Status.OK])].reset_index(drop=True)
    labels = dataset.info.labels.read(index["label"])["label"].astype(object).fillna(NO_LABEL)
    dispute = index["image_id"].map(alike.dispute).astype("float64").fillna(0.0)
    if answers is not None:
        own = answers.set_index("image_id").reindex(index["image_id"])
        otherwise = own["label"].notna().to_numpy() & (own["label"].to_numpy() != labels.to_numpy())
        dispute = np.maximum(dispute, np.where(otherwise, own["confidence"].to_numpy(), 0.0))
    table = _table(index, labels, np.nan, dispute, known_bursts(index), alike)
    return ReviewQueue(table, dataset.info.root)


def queue_of_answers(predictions: pd.DataFrame, root: Path, models: str, alike: Alike = NOT_COMPARED) -> ReviewQueue:
    """The answers of a batch: `QUEUED_COLUMNS` of its table as the models gave it."""
    known = predictions.reset_index(drop=True)
    dispute = 1 - known["agreement"] / known["views"].where(known["views"] > 0)
    table = _table(known, known["label"], known["confidence"], dispute.fillna(0.0), known_bursts(known), alike)
    return ReviewQueue(table, root, models)


QUEUED_COLUMNS = ("image_id", "label", "confidence", "agreement", "views", *SEQUENCE_COLUMNS)


def _table(
    rows: pd.DataFrame,
    predicted: pd.Series,
    confidence: pd.Series | float,
    dispute: pd.Series,
    burst: pd.Series,
    alike: Alike,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "image_id": rows["image_id"].astype(object),
            "path": rows["path"].astype(object),
            "predicted": predicted.astype(object),
            "confidence": confidence,
            "dispute": dispute,
            "location": rows["location"].astype(object).fillna(""),
            "taken_at": rows["taken_at"],
            "burst": burst,
            "group": rows["image_id"].map(alike.group).astype("float64").fillna(-1).astype("int64"),
        }
    )[list(QUEUE_COLUMNS)]
