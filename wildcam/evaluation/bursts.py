"""Judging bursts instead of photographs: one truth and one answer for each."""

import pandas as pd

from wildcam.data.sequences import GAP_SECONDS
from wildcam.evaluation.truth import JUDGED_COLUMNS, outcome
from wildcam.serving.bursts import burst_numbers, decide_burst
from wildcam.serving.card import EMPTY


def judge_bursts(judged: pd.DataFrame, gap_seconds: float = GAP_SECONDS) -> pd.DataFrame:
    """`truth.JUDGED_COLUMNS` with a row a burst, under the id of its first photograph; one alone stays as it is.

    A burst shows the animal that most of its photographs show, and is empty where none shows any. Its answer is
    `serving.bursts.decide_burst`'s.
    """
    numbers = pd.Series(burst_numbers(judged, gap_seconds), index=judged.index)
    together = numbers.duplicated(keep=False)
    rows = [_as_one(own) for _, own in judged[together].groupby(numbers[together], sort=False)]
    bursts = pd.DataFrame(rows, columns=list(JUDGED_COLUMNS))
    return pd.concat([judged[~together], bursts], ignore_index=True) if rows else judged


def _as_one(own: pd.DataFrame) -> dict[str, object]:
    verdict = decide_burst(own["label"].tolist(), own["confidence"].tolist())
    animals = own.loc[own["truth"] != EMPTY, "truth"]
    truth = animals.value_counts(sort=True).index[0] if len(animals) else EMPTY
    spoken = own[own["label"] == verdict.label]
    surest = spoken.loc[spoken["confidence"].idxmax()]
    return {
        **own.iloc[0], "truth": truth, "label": verdict.label, "confidence": verdict.confidence,
        "agreement": verdict.agreement, "views": verdict.voters, "p_empty": own["p_empty"].min(),
        "top_labels": surest["top_labels"], "top_probabilities": surest["top_probabilities"],
        "outcome": outcome(truth, verdict.label),
    }  # fmt: skip
