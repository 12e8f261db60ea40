"""Evaluating bursts instead of images: one ground truth and one answer for each."""

import pandas as pd

from wildcam.data.sequences import GAP_SECONDS, known_bursts
from wildcam.evaluation.ground_truth import SCORED_COLUMNS, outcome
from wildcam.serving.bursts import decide_burst
from wildcam.serving.card import EMPTY


def score_bursts(scored: pd.DataFrame, gap_seconds: float = GAP_SECONDS) -> pd.DataFrame:
    """`ground_truth.SCORED_COLUMNS` with a row a burst, under the id of its first image; one alone stays as it is.

    The ground truth of a burst is the animal that most of its images show, and empty where none shows any; any other
    animal of its images is its second species. Its answer is `serving.bursts.decide_burst`'s.
    """
    numbers = known_bursts(scored, gap_seconds=gap_seconds)
    together = numbers.duplicated(keep=False)
    rows = [_as_one(own) for _, own in scored[together].groupby(numbers[together], sort=False)]
    bursts = pd.DataFrame(rows, columns=list(SCORED_COLUMNS))
    return pd.concat([scored[~together], bursts], ignore_index=True) if rows else scored


def _as_one(own: pd.DataFrame) -> dict[str, object]:
    verdict = decide_burst(own["label"].tolist(), own["confidence"].tolist())
    animals = own.loc[own["ground_truth"] != EMPTY, "ground_truth"]
    ground_truth = animals.value_counts(sort=True).index[0] if len(animals) else EMPTY
    shown = {*animals, *own["second_species"]} - {ground_truth, ""}
    second = verdict.label if verdict.label in shown else ""
    agreeing = own[own["label"] == verdict.label]
    most_confident = agreeing.loc[agreeing["confidence"].idxmax()]
    return {
        **own.iloc[0],
        "ground_truth": ground_truth,
        "label": verdict.label,
        "confidence": verdict.confidence,
        "agreement": verdict.agreement,
        "views": verdict.voters,
        "p_empty": own["p_empty"].min(),
        "top_labels": most_confident["top_labels"],
        "top_probabilities": most_confident["top_probabilities"],
        "second_species": second,
        "outcome": outcome(ground_truth, verdict.label, second),
    }
