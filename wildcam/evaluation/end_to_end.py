"""Of all images, how many get the right final answer, and where the others go wrong."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import precision_recall_fscore_support

from wildcam.evaluation.bootstrap import ConfidenceInterval, LocationBootstrap
from wildcam.evaluation.calibration import reliability_bins
from wildcam.evaluation.ground_truth import MISSED_ANIMAL, NOT_READ, OUTCOMES, RIGHT
from wildcam.profile.activity import by_day
from wildcam.profile.long_tail import Band, band
from wildcam.serving.card import EMPTY

CLASS_COLUMNS = ("label", "images", "precision", "recall", "f1", "band")
CONFUSION_COLUMNS = ("ground_truth", "label", "images", "share")


@dataclass(frozen=True)
class EndToEnd:
    """Scores of the final answers, 0–1, `empty` being one of the classes."""

    images: int
    locations: int
    accuracy: ConfidenceInterval
    macro_f1: ConfidenceInterval  # over the classes present in the truth: WILDS's rule
    balanced_accuracy: float  # mean recall over the same classes: macro recall
    top_5: float | None  # of the animals; one that a filter lost counts as a miss; None where no species is named
    missed_animals: float | None  # of the images with animals; None where no `empty` is known
    blank_recall: float | None  # of the empty ones
    outcomes: dict[str, int]  # images, by `truth.OUTCOMES`
    baselines: dict[str, float]  # accuracy of always saying the same, on the same images


def end_to_end(scored: pd.DataFrame, *, draws: int = 1_000) -> EndToEnd:
    """From a table of `truth.JUDGED_COLUMNS`, at least one row; intervals by bootstrap over cameras."""
    locations = LocationBootstrap(scored["location"].to_numpy(), draws=draws)
    classes = sorted(scored["ground_truth"].unique())
    ground_truth = pd.Index(classes).get_indexer(scored["ground_truth"])
    predicted = pd.Index(classes).get_indexer(scored["label"])
    is_right = (scored["outcome"] == RIGHT).to_numpy(float)
    has_animal = scored["ground_truth"] != EMPTY
    animals, empties = scored[has_animal], scored[~has_animal]
    per_class = by_class(scored)
    return EndToEnd(
        images=len(scored),
        locations=locations.locations,
        accuracy=locations.mean(is_right).interval,
        macro_f1=locations.macro_f1(ground_truth, predicted, len(classes)).interval,
        balanced_accuracy=float(per_class["recall"].mean()),
        top_5=_top_5(animals),
        missed_animals=_share(animals["outcome"] == MISSED_ANIMAL),
        blank_recall=_share(empties["outcome"] == RIGHT),
        outcomes={name: int((scored["outcome"] == name).sum()) for name in OUTCOMES},
        baselines=_baselines(scored["ground_truth"]),
    )


def _baselines(ground_truth: pd.Series) -> dict[str, float]:
    """Accuracy of always saying the same: empty, animal (right in what stage 1 is asked), the commonest species."""
    counts = ground_truth.value_counts()
    animals = counts.drop(EMPTY, errors="ignore")
    said = {EMPTY: counts.get(EMPTY, 0)} if EMPTY in counts else {}
    said |= {str(animals.index[0]): animals.iloc[0]} if len(animals) else {}
    return {f"always {name}": float(count / len(ground_truth)) for name, count in said.items()}


def _top_5(animals: pd.DataFrame) -> float | None:
    if not any(map(len, animals["top_labels"])):
        return None
    pairs = zip(animals["ground_truth"], animals["top_labels"], strict=True)
    return _share(pd.Series([ground_truth in list(labels[:5]) for ground_truth, labels in pairs]))


def by_class(scored: pd.DataFrame, train_sizes: pd.Series | None = None) -> pd.DataFrame:
    """`CLASS_COLUMNS`, a row a class present in the truth, the largest first, by scikit-learn.

    `train_sizes`: images of each label on the train side, for `band`; else those of the truth here.
    """
    classes = sorted(scored["ground_truth"].unique())
    precision, recall, f1, support = precision_recall_fscore_support(
        scored["ground_truth"], scored["label"], labels=classes, zero_division=0
    )
    table = pd.DataFrame({"label": classes, "images": support, "precision": precision, "recall": recall, "f1": f1})
    sizes = table["images"] if train_sizes is None else table["label"].map(train_sizes).fillna(0)
    return table.assign(band=band(sizes)).sort_values("images", ascending=False, kind="stable", ignore_index=True)


def by_band(per_class: pd.DataFrame) -> pd.DataFrame:
    """Mean F1 and recall of head, middle and tail: `band, classes, images, f1, recall`; bands without a class left out."""
    groups = per_class.groupby("band", observed=True)
    found = groups.agg(
        classes=("label", "size"), images=("images", "sum"), f1=("f1", "mean"), recall=("recall", "mean")
    )
    return found.reindex([str(name) for name in Band]).dropna(subset=["classes"]).reset_index()


def confusions(scored: pd.DataFrame) -> pd.DataFrame:
    """`CONFUSION_COLUMNS`: every wrong answer, the commonest first; `share` of the images that show it."""
    wrong = scored[scored["outcome"] != RIGHT]
    counts = wrong.groupby(["ground_truth", "label"], observed=True).size().rename("images").reset_index()
    sizes = scored["ground_truth"].value_counts()
    counts["share"] = counts["images"] / counts["ground_truth"].map(sizes)
    return counts.sort_values("images", ascending=False, kind="stable", ignore_index=True)[list(CONFUSION_COLUMNS)]


def count_confusions(scored: pd.DataFrame, most: int = 30) -> pd.DataFrame:
    """Images by truth (rows, the largest classes first, at most so many) and verdict (columns, the same order first)."""
    largest = scored["ground_truth"].value_counts().index[:most]
    rows = scored[scored["ground_truth"].isin(largest)]
    counts = pd.crosstab(rows["ground_truth"], rows["label"])
    labels = [*(label for label in largest if label in counts), *sorted(set(counts.columns) - set(largest))]
    return counts.loc[largest, labels]


def by_location(scored: pd.DataFrame) -> pd.DataFrame:
    """`location, images, accuracy, missed_animals`, the worst first."""
    rows = [
        {
            "location": location,
            "images": len(own),
            "accuracy": _share(own["outcome"] == RIGHT),
            "missed_animals": _share(own.loc[own["ground_truth"] != EMPTY, "outcome"] == MISSED_ANIMAL),
        }
        for location, own in scored.groupby("location")
    ]
    columns = ["location", "images", "accuracy", "missed_animals"]
    return pd.DataFrame(rows, columns=columns).sort_values("accuracy", kind="stable", ignore_index=True)


def by_light(scored: pd.DataFrame) -> pd.DataFrame:
    """By day against by night, by the hour of the camera's clock: `light, images, accuracy, missed_animals`."""
    day = by_day(scored)
    rows = [
        {
            "light": name,
            "images": len(own),
            "accuracy": _share(own["outcome"] == RIGHT),
            "missed_animals": _share(own.loc[own["ground_truth"] != EMPTY, "outcome"] == MISSED_ANIMAL),
        }
        for name, own in (("by day", scored[day.fillna(False)]), ("by night", scored[(~day).fillna(False)]))
        if len(own)
    ]
    return pd.DataFrame(rows, columns=["light", "images", "accuracy", "missed_animals"])


def calibration_error(scored: pd.DataFrame, bins: int = 15) -> tuple[float, pd.DataFrame]:
    """`calibration.reliability_bins` of what was answered, `unknown` counting as its likeliest species."""
    answered = scored[scored["outcome"] != NOT_READ]
    said = [
        names[0] if len(names) and label != EMPTY else label
        for names, label in zip(answered["top_labels"], answered["label"], strict=True)
    ]
    right = np.array(said, dtype=object) == answered["ground_truth"].to_numpy(object)
    return reliability_bins(answered["confidence"].to_numpy(float), right.astype(float), bins)


@dataclass(frozen=True)
class Difference:
    """Of two ways on the same images: the first less the second."""

    images: int
    accuracy: ConfidenceInterval
    macro_f1: ConfidenceInterval
    only_first: tuple[str, ...]  # ids of images that only the first gets right
    only_second: tuple[str, ...]


def compare(first: pd.DataFrame, second: pd.DataFrame) -> Difference:
    """On the images that both were asked about, paired; the interval by bootstrap over cameras."""
    pairs = first.merge(second[["image_id", "label", "outcome"]], on="image_id", suffixes=("", "_other"))
    ours, theirs = pairs["outcome"] == RIGHT, pairs["outcome_other"] == RIGHT
    classes = pd.Index(sorted(pairs["ground_truth"].unique()))
    ground_truth, said, said_other = (
        classes.get_indexer(pairs[name]) for name in ("ground_truth", "label", "label_other")
    )
    locations = LocationBootstrap(pairs["location"].to_numpy())
    macro_f1 = locations.macro_f1(ground_truth, said, len(classes)) - locations.macro_f1(
        ground_truth, said_other, len(classes)
    )
    return Difference(
        images=len(pairs),
        accuracy=locations.mean(ours.to_numpy(float) - theirs.to_numpy(float)).interval,
        macro_f1=macro_f1.interval,
        only_first=tuple(pairs.loc[ours & ~theirs, "image_id"]),
        only_second=tuple(pairs.loc[theirs & ~ours, "image_id"]),
    )


def _share(chosen: pd.Series) -> float | None:
    return float(chosen.mean()) if len(chosen) else None
