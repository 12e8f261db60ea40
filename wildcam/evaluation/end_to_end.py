"""Of all images, how many get the right final answer, and where the others go wrong."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import precision_recall_fscore_support

from wildcam.choice import Choice
from wildcam.data.daylight import by_day
from wildcam.errors import DataError
from wildcam.evaluation.bootstrap import DRAWS, ConfidenceInterval, LocationBootstrap, LocationCounts
from wildcam.evaluation.calibration import reliability_bins
from wildcam.evaluation.ground_truth import IN_THE_PHOTO, Outcome
from wildcam.profile.long_tail import Band, band
from wildcam.serving.card import EMPTY

CLASS_COLUMNS = ("label", "images", "precision", "recall", "f1", "band")
CONFUSION_COLUMNS = ("ground_truth", "label", "images", "share")


class Light(Choice):
    """When an image was taken, by the hour of the camera's clock."""

    DAY = "day", "by day"
    NIGHT = "night", "by night"


@dataclass(frozen=True)
class Baseline:
    """Accuracy, 0–1, of predicting the same for every image: what a model must beat."""

    label: str
    accuracy: float

    @property
    def title(self) -> str:
        """In words."""
        return f"always {self.label}"


@dataclass(frozen=True)
class EndToEnd:
    """Scores of the final answers, 0–1, `empty` being one of the classes."""

    images: int
    locations: int
    images_without_location: int  # taken as one location more in the intervals
    accuracy: ConfidenceInterval
    macro_f1: ConfidenceInterval  # over the classes present in the ground truth: WILDS's rule
    balanced_accuracy: float  # mean recall over the same classes: macro recall
    top_5: float | None  # of the animals; one called empty counts as a miss; None where no species is named
    missed_animals: float | None  # of the images with animals, called empty; None where there are none
    blank_recall: float | None  # of the empty images, called empty
    outcomes: dict[Outcome, int]  # images
    baselines: tuple[Baseline, ...]  # on the same images: the majority class, and empty

    @property
    def location_counts(self) -> LocationCounts:
        """What the intervals were drawn from."""
        return LocationCounts(self.locations, self.images_without_location)


def end_to_end(scored: pd.DataFrame, *, draws: int = DRAWS) -> EndToEnd:
    """From a table of `ground_truth.SCORED_COLUMNS`, at least one row; intervals by bootstrap over locations."""
    bootstrap = LocationBootstrap(scored["location"], draws=draws)
    classes = sorted(scored["ground_truth"].unique())
    ground_truth = pd.Index(classes).get_indexer(scored["ground_truth"])
    predicted = pd.Index(classes).get_indexer(scored["label"])
    is_correct = (scored["outcome"] == Outcome.CORRECT).to_numpy(float)
    has_animal = scored["ground_truth"] != EMPTY
    animals, blanks = scored[has_animal], scored[~has_animal]
    per_class = by_class(scored)
    return EndToEnd(
        images=len(scored),
        locations=bootstrap.counts.locations,
        images_without_location=bootstrap.counts.images_without_location,
        accuracy=bootstrap.mean(is_correct).interval,
        macro_f1=bootstrap.macro_f1(ground_truth, predicted, len(classes)).interval,
        balanced_accuracy=float(per_class["recall"].mean()),
        top_5=_top_5(animals),
        missed_animals=_share(animals["outcome"] == Outcome.MISSED_ANIMAL),
        blank_recall=_share(blanks["outcome"] == Outcome.CORRECT),
        outcomes={outcome: int((scored["outcome"] == outcome).sum()) for outcome in Outcome},
        baselines=_baselines(scored["ground_truth"]),
    )


def _baselines(ground_truth: pd.Series) -> tuple[Baseline, ...]:
    """Of empty, and of the most frequent species (of stage 1: of animal)."""
    counts = ground_truth.value_counts()
    animals = counts.drop(EMPTY, errors="ignore")
    named = {EMPTY: counts.get(EMPTY, 0)} if EMPTY in counts else {}
    named |= {str(animals.index[0]): animals.iloc[0]} if len(animals) else {}
    return tuple(Baseline(label, float(count / len(ground_truth))) for label, count in named.items())


def _top_5(animals: pd.DataFrame) -> float | None:
    if not any(map(len, animals["top_labels"])):
        return None
    pairs = zip(animals["ground_truth"], animals["top_labels"], strict=True)
    return _share(pd.Series([ground_truth in list(labels[:5]) for ground_truth, labels in pairs]))


def by_class(scored: pd.DataFrame, train_sizes: pd.Series | None = None) -> pd.DataFrame:
    """`CLASS_COLUMNS`, a row a class present in the ground truth, the largest first, by scikit-learn.

    `train_sizes`: training images of each label, for `band`; else those of the ground truth here.
    """
    classes = sorted(scored["ground_truth"].unique())
    precision, recall, f1, support = precision_recall_fscore_support(
        scored["ground_truth"], scored["label"], labels=classes, zero_division=0
    )
    table = pd.DataFrame({"label": classes, "images": support, "precision": precision, "recall": recall, "f1": f1})
    sizes = table["images"] if train_sizes is None else table["label"].map(train_sizes).fillna(0)
    return table.assign(band=band(sizes)).sort_values("images", ascending=False, kind="stable", ignore_index=True)


def by_band(per_class: pd.DataFrame) -> pd.DataFrame:
    """Mean F1 and recall of head, middle and tail: `band, classes, images, f1, recall`; no row for an empty band."""
    groups = per_class.groupby("band", observed=True)
    found = groups.agg(
        classes=("label", "size"), images=("images", "sum"), f1=("f1", "mean"), recall=("recall", "mean")
    )
    present = [str(name) for name in Band if str(name) in found.index]
    return found.loc[present].rename_axis("band").reset_index()


def confusions(scored: pd.DataFrame) -> pd.DataFrame:
    """`CONFUSION_COLUMNS`: every error, the most frequent first; `share` of the images of that ground truth."""
    wrong = scored[~scored["outcome"].isin(IN_THE_PHOTO)]
    counts = wrong.groupby(["ground_truth", "label"], observed=True).size().rename("images").reset_index()
    sizes = scored["ground_truth"].value_counts()
    counts["share"] = counts["images"] / counts["ground_truth"].map(sizes)
    return counts.sort_values("images", ascending=False, kind="stable", ignore_index=True)[list(CONFUSION_COLUMNS)]


def count_confusions(scored: pd.DataFrame, most: int = 30) -> pd.DataFrame:
    """Images by ground truth (rows, the largest classes first, at most so many) and verdict (columns, likewise)."""
    largest = scored["ground_truth"].value_counts().index[:most]
    rows = scored[scored["ground_truth"].isin(largest)]
    counts = pd.crosstab(rows["ground_truth"], rows["label"])
    labels = [*(label for label in largest if label in counts), *sorted(set(counts.columns) - set(largest))]
    return counts.loc[largest, labels]


def by_location(scored: pd.DataFrame) -> pd.DataFrame:
    """`location, images, accuracy, missed_animals`, the least accurate first; one row, "", for missing locations."""
    rows = [{"location": name} | _accuracy_and_misses(own) for name, own in scored.groupby("location")]
    columns = ["location", "images", "accuracy", "missed_animals"]
    return pd.DataFrame(rows, columns=columns).sort_values("accuracy", kind="stable", ignore_index=True)


def by_light(scored: pd.DataFrame) -> pd.DataFrame:
    """`light` (`Light`), `images, accuracy, missed_animals`, of the images with a time."""
    day = by_day(scored)
    halves = ((Light.DAY, scored[day.fillna(False)]), (Light.NIGHT, scored[(~day).fillna(False)]))
    rows = [{"light": str(light)} | _accuracy_and_misses(own) for light, own in halves if len(own)]
    return pd.DataFrame(rows, columns=["light", "images", "accuracy", "missed_animals"])


def _accuracy_and_misses(scored: pd.DataFrame) -> dict[str, object]:
    animals = scored[scored["ground_truth"] != EMPTY]
    return {
        "images": len(scored),
        "accuracy": _share(scored["outcome"] == Outcome.CORRECT),
        "missed_animals": _share(animals["outcome"] == Outcome.MISSED_ANIMAL),
    }


def calibration_error(scored: pd.DataFrame, bins: int = 15) -> tuple[float, pd.DataFrame]:
    """`calibration.reliability_bins` of what was answered, `unknown` counting as its most probable species."""
    answered = scored[scored["outcome"] != Outcome.FAILED]
    top1 = [
        names[0] if len(names) and label != EMPTY else label
        for names, label in zip(answered["top_labels"], answered["label"], strict=True)
    ]
    correct = np.array(top1, dtype=object) == answered["ground_truth"].to_numpy(object)
    return reliability_bins(answered["confidence"].to_numpy(float), correct.astype(float), bins)


@dataclass(frozen=True)
class Difference:
    """Of two batches on the same images: the first less the second."""

    images: int
    accuracy: ConfidenceInterval
    macro_f1: ConfidenceInterval
    only_first: tuple[str, ...]  # ids of images that only the first gets right
    only_second: tuple[str, ...]


def compare(first: pd.DataFrame, second: pd.DataFrame) -> Difference:
    """On the images of both, paired; the interval by bootstrap over locations.

    Raises `DataError` where there are none.
    """
    pairs = first.merge(second[["image_id", "label", "outcome"]], on="image_id", suffixes=("", "_other"))
    ours, theirs = pairs["outcome"] == Outcome.CORRECT, pairs["outcome_other"] == Outcome.CORRECT
    if pairs.empty:
        raise DataError("The two batches have no photo in common: choose batches of the same subset to compare.")
    classes = pd.Index(sorted(pairs["ground_truth"].unique()))
    ground_truth, label, label_other = (
        classes.get_indexer(pairs[name]) for name in ("ground_truth", "label", "label_other")
    )
    bootstrap = LocationBootstrap(pairs["location"])
    macro_f1 = bootstrap.macro_f1(ground_truth, label, len(classes)) - bootstrap.macro_f1(
        ground_truth, label_other, len(classes)
    )
    return Difference(
        images=len(pairs),
        accuracy=bootstrap.mean(ours.to_numpy(float) - theirs.to_numpy(float)).interval,
        macro_f1=macro_f1.interval,
        only_first=tuple(pairs.loc[ours & ~theirs, "image_id"]),
        only_second=tuple(pairs.loc[theirs & ~ours, "image_id"]),
    )


def _share(chosen: pd.Series) -> float | None:
    return float(chosen.mean()) if len(chosen) else None
