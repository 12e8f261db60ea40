"""How good are the answers, and how many more photos to review: from the random sample alone, which favours no photo.

Intervals are Wilson's (1927), of 95 %.
"""

import numpy as np
import pandas as pd

from wildcam.data.reviews import ReviewLayer, Sample
from wildcam.profile.empty import wilson_interval
from wildcam.review.queue import ReviewQueue

PLAN_COLUMNS = ("label", "photos", "reviewed", "sampled", "correct", "precision", "low", "high", "more")
Z = 1.96


def sampled_rows(queue: ReviewQueue, reviews: ReviewLayer) -> pd.DataFrame:
    """The photos that were drawn by chance and labelled, with `correct`: whether the answer is right, and `of_all`:
    whether they were drawn from all photos, not from those with one answer.
    """
    said = {path: review for path, review in reviews.by_path.items() if review.has_label and review.sample}
    rows = queue.table[queue.table["path"].isin(said)]
    shown = rows["path"].map({path: review.label for path, review in said.items()}).astype(object)
    of_all = rows["path"].map({path: review.sample == Sample.ALL for path, review in said.items()}).astype(bool)
    return rows.assign(label=shown, correct=shown == rows["predicted"], of_all=of_all)


def review_plan(queue: ReviewQueue, reviews: ReviewLayer, margin: float = 0.05) -> pd.DataFrame:
    """`PLAN_COLUMNS`, a row for each answer, the most frequent first.

    `precision`: the share of this answer that reviewers confirmed, with its 95 % interval; NaN where none was sampled.
    `more`: photos of it still to be sampled until the interval is about ± `margin`.
    """
    table, sampled = queue.table, sampled_rows(queue, reviews)
    reviewed = table["path"].isin(reviews.labels())
    plan = pd.DataFrame({"photos": table["predicted"].value_counts()})
    plan["reviewed"] = table.loc[reviewed, "predicted"].value_counts()
    plan["sampled"] = sampled["predicted"].value_counts()
    plan["correct"] = sampled.loc[sampled["correct"].astype(bool), "predicted"].value_counts()
    plan = plan.fillna(0).astype("int64")
    plan["low"], plan["high"] = wilson_interval(plan["correct"], plan["sampled"])
    plan["precision"] = plan["correct"] / plan["sampled"].where(plan["sampled"] > 0)
    likely = (plan["correct"] + 1) / (plan["sampled"] + 2)  # as if one more were right and one wrong: never certain
    needed = np.ceil(Z**2 * likely * (1 - likely) / margin**2)
    plan["more"] = (needed.clip(upper=plan["photos"]) - plan["sampled"]).clip(lower=0).astype("int64")
    return plan.rename_axis("label").reset_index()[list(PLAN_COLUMNS)]


def errors_found(queue: ReviewQueue, reviews: ReviewLayer, share: float) -> tuple[int, int]:
    """Of the sample's errors, how many are among the `share` (0–1) least confident of all photos; and the errors."""
    sampled = sampled_rows(queue, reviews)
    wrong = sampled[~sampled["correct"].astype(bool) & sampled["of_all"]]
    confidence = queue.table["confidence"]
    if wrong.empty or confidence.isna().all():
        return 0, len(wrong)
    threshold = np.quantile(confidence.fillna(0.0), share)
    return int((wrong["confidence"].fillna(0.0) <= threshold).sum()), len(wrong)
