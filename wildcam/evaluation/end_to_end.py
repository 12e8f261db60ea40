"""Of all photographs, how many get the right final answer, and where the others go wrong."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import precision_recall_fscore_support

from wildcam.data.profile.activity import by_day
from wildcam.data.profile.long_tail import Band, band
from wildcam.evaluation.bootstrap import ByLocation, Interval
from wildcam.evaluation.calibration import reliability_bins
from wildcam.evaluation.truth import LOST, NOT_READ, OUTCOMES, RIGHT
from wildcam.serving.card import EMPTY

CLASS_COLUMNS = ("label", "photographs", "precision", "recall", "f1", "band")
CONFUSION_COLUMNS = ("truth", "label", "photographs", "share")


@dataclass(frozen=True)
class EndToEnd:
    """Scores of the final answers, 0–1, `empty` being one of the classes."""

    photographs: int
    cameras: int
    accuracy: Interval
    macro_f1: Interval  # over the classes present in the truth: WILDS's rule
    balanced_accuracy: float  # mean recall over the same classes: macro recall
    top_5: float | None  # of the animals; one that a filter lost counts as a miss; None where no species is named
    animals_lost: float | None  # of the photographs with animals; None where no `empty` is known
    empties_found: float | None  # of the empty ones
    outcomes: dict[str, int]  # photographs, by `truth.OUTCOMES`
    floors: dict[str, float]  # accuracy of always saying the same, on the same photographs


def end_to_end(judged: pd.DataFrame, *, draws: int = 1_000) -> EndToEnd:
    """From a table of `truth.JUDGED_COLUMNS`, at least one row; intervals by bootstrap over cameras."""
    cameras = ByLocation(judged["location"].to_numpy(), draws=draws)
    classes = sorted(judged["truth"].unique())
    truth = pd.Index(classes).get_indexer(judged["truth"])
    predicted = pd.Index(classes).get_indexer(judged["label"])
    is_right = (judged["outcome"] == RIGHT).to_numpy(float)
    has_animal = judged["truth"] != EMPTY
    animals, empties = judged[has_animal], judged[~has_animal]
    per_class = by_class(judged)
    return EndToEnd(
        photographs=len(judged),
        cameras=cameras.cameras,
        accuracy=cameras.mean(is_right).interval,
        macro_f1=cameras.macro_f1(truth, predicted, len(classes)).interval,
        balanced_accuracy=float(per_class["recall"].mean()),
        top_5=_top_5(animals),
        animals_lost=_share(animals["outcome"] == LOST),
        empties_found=_share(empties["outcome"] == RIGHT),
        outcomes={name: int((judged["outcome"] == name).sum()) for name in OUTCOMES},
        floors=_floors(judged["truth"]),
    )


def _floors(truth: pd.Series) -> dict[str, float]:
    """Accuracy of always saying the same: empty, animal (right in what stage 1 is asked), the commonest species."""
    counts = truth.value_counts()
    animals = counts.drop(EMPTY, errors="ignore")
    said = {EMPTY: counts.get(EMPTY, 0)} if EMPTY in counts else {}
    said |= {str(animals.index[0]): animals.iloc[0]} if len(animals) else {}
    return {f"always {name}": float(count / len(truth)) for name, count in said.items()}


def _top_5(animals: pd.DataFrame) -> float | None:
    if not any(map(len, animals["top_labels"])):
        return None
    pairs = zip(animals["truth"], animals["top_labels"], strict=True)
    return _share(pd.Series([truth in list(labels[:5]) for truth, labels in pairs]))


def by_class(judged: pd.DataFrame, train_sizes: pd.Series | None = None) -> pd.DataFrame:
    """`CLASS_COLUMNS`, a row a class present in the truth, the largest first, by scikit-learn.

    `train_sizes`: photographs of each label on the train side, for `band`; else those of the truth here.
    """
    classes = sorted(judged["truth"].unique())
    precision, recall, f1, support = precision_recall_fscore_support(
        judged["truth"], judged["label"], labels=classes, zero_division=0
    )
    table = pd.DataFrame({"label": classes, "photographs": support, "precision": precision, "recall": recall, "f1": f1})
    sizes = table["photographs"] if train_sizes is None else table["label"].map(train_sizes).fillna(0)
    return table.assign(band=band(sizes)).sort_values("photographs", ascending=False, kind="stable", ignore_index=True)


def by_band(per_class: pd.DataFrame) -> pd.DataFrame:
    """Mean F1 and recall of head, middle and tail: `band, classes, photographs, f1, recall`; bands without a class left out."""
    groups = per_class.groupby("band", observed=True)
    found = groups.agg(
        classes=("label", "size"), photographs=("photographs", "sum"), f1=("f1", "mean"), recall=("recall", "mean")
    )
    return found.reindex([str(name) for name in Band]).dropna(subset=["classes"]).reset_index()


def confusions(judged: pd.DataFrame) -> pd.DataFrame:
    """`CONFUSION_COLUMNS`: every wrong answer, the commonest first; `share` of the photographs that show it."""
    wrong = judged[judged["outcome"] != RIGHT]
    counts = wrong.groupby(["truth", "label"], observed=True).size().rename("photographs").reset_index()
    sizes = judged["truth"].value_counts()
    counts["share"] = counts["photographs"] / counts["truth"].map(sizes)
    return counts.sort_values("photographs", ascending=False, kind="stable", ignore_index=True)[list(CONFUSION_COLUMNS)]


def count_confusions(judged: pd.DataFrame, most: int = 30) -> pd.DataFrame:
    """Photographs by truth (rows, the largest classes first, at most so many) and verdict (columns, the same order first)."""
    largest = judged["truth"].value_counts().index[:most]
    rows = judged[judged["truth"].isin(largest)]
    counts = pd.crosstab(rows["truth"], rows["label"])
    labels = [*(label for label in largest if label in counts), *sorted(set(counts.columns) - set(largest))]
    return counts.loc[largest, labels]


def by_camera(judged: pd.DataFrame) -> pd.DataFrame:
    """`location, photographs, accuracy, animals_lost`, the worst first."""
    rows = [
        {
            "location": location, "photographs": len(own), "accuracy": _share(own["outcome"] == RIGHT),
            "animals_lost": _share(own.loc[own["truth"] != EMPTY, "outcome"] == LOST),
        }
        for location, own in judged.groupby("location")
    ]  # fmt: skip
    columns = ["location", "photographs", "accuracy", "animals_lost"]
    return pd.DataFrame(rows, columns=columns).sort_values("accuracy", kind="stable", ignore_index=True)


def by_light(judged: pd.DataFrame) -> pd.DataFrame:
    """By day against by night, by the hour of the camera's clock: `light, photographs, accuracy, animals_lost`."""
    day = by_day(judged)
    rows = [
        {
            "light": name, "photographs": len(own), "accuracy": _share(own["outcome"] == RIGHT),
            "animals_lost": _share(own.loc[own["truth"] != EMPTY, "outcome"] == LOST),
        }
        for name, own in (("by day", judged[day.fillna(False)]), ("by night", judged[(~day).fillna(False)]))
        if len(own)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["light", "photographs", "accuracy", "animals_lost"])


def calibration_error(judged: pd.DataFrame, bins: int = 15) -> tuple[float, pd.DataFrame]:
    """`calibration.reliability_bins` of what was answered, `unknown` counting as its likeliest species."""
    answered = judged[judged["outcome"] != NOT_READ]
    said = [
        names[0] if len(names) and label != EMPTY else label
        for names, label in zip(answered["top_labels"], answered["label"], strict=True)
    ]
    right = np.array(said, dtype=object) == answered["truth"].to_numpy(object)
    return reliability_bins(answered["confidence"].to_numpy(float), right.astype(float), bins)


@dataclass(frozen=True)
class Difference:
    """Of two ways on the same photographs: the first less the second."""

    photographs: int
    accuracy: Interval
    macro_f1: Interval
    only_first: tuple[str, ...]  # ids of photographs that only the first gets right
    only_second: tuple[str, ...]


def compare(first: pd.DataFrame, second: pd.DataFrame) -> Difference:
    """On the photographs that both were asked about, paired; the interval by bootstrap over cameras."""
    pairs = first.merge(second[["image_id", "label", "outcome"]], on="image_id", suffixes=("", "_other"))
    ours, theirs = pairs["outcome"] == RIGHT, pairs["outcome_other"] == RIGHT
    classes = pd.Index(sorted(pairs["truth"].unique()))
    truth, said, said_other = (classes.get_indexer(pairs[name]) for name in ("truth", "label", "label_other"))
    cameras = ByLocation(pairs["location"].to_numpy())
    macro_f1 = cameras.macro_f1(truth, said, len(classes)) - cameras.macro_f1(truth, said_other, len(classes))
    return Difference(
        photographs=len(pairs),
        accuracy=cameras.mean(ours.to_numpy(float) - theirs.to_numpy(float)).interval,
        macro_f1=macro_f1.interval,
        only_first=tuple(pairs.loc[ours & ~theirs, "image_id"]),
        only_second=tuple(pairs.loc[theirs & ~ours, "image_id"]),
    )


def _share(chosen: pd.Series) -> float | None:
    return float(chosen.mean()) if len(chosen) else None
