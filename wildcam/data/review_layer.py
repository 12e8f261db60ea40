"""What reviewers say, laid over the labels of a data set's table."""

from collections.abc import Iterable

import pandas as pd

from wildcam.data.labels import LabelPolicy, LabelRole
from wildcam.data.reviews import Decision, ReviewLayer

EMPTY = "empty"
"""What reviewers of a model's answers call an empty photo; a data set may call it otherwise."""


def with_reviews(table: pd.DataFrame, policy: LabelPolicy, reviews: ReviewLayer) -> pd.DataFrame:
    """The table with `label` and `role` as the reviews say and the policy reads it, and `decision`: what the photo's
    review does, missing where there is none.
    """
    known = set(table["label"].cat.categories)
    said = {path: _as_source_says(label, policy, known) for path, label in reviews.labels().items()}
    labels = table["label"].astype(object)
    decisions = pd.Series(None, index=table.index, dtype="string")
    if reviews.by_path:
        paths = table["path"].astype(object)
        labels = paths.map(said).astype(object).where(paths.isin(said), labels)
        decisions = paths.map({path: review.decision for path, review in reviews.by_path.items()}).astype("string")
    read = _knowing(policy, set(said.values()) - known).read(labels)
    return table.assign(label=read["label"], role=read["role"], decision=_category(decisions))


def _as_source_says(label: str, policy: LabelPolicy, known: set[str]) -> str:
    """The data set's own word for an empty photo, where it has one."""
    if label != EMPTY or label in known:
        return label
    return next((own for own in policy.empty if own in known), label)


def _knowing(policy: LabelPolicy, new: Iterable[str]) -> LabelPolicy:
    """The policy with the roles that labels which the source has not have by their own words."""
    unread = [label for label in new if label not in (*policy.empty, *policy.other, *policy.merged)]
    if not unread:
        return policy
    by_name = LabelPolicy.suggest(unread)
    for role in (LabelRole.EMPTY, LabelRole.OTHER):
        for label in getattr(by_name, role.value):
            policy = policy.with_role(label, role)
    return policy


def _category(decisions: pd.Series) -> pd.Series:
    return decisions.astype(pd.CategoricalDtype(list(map(str, Decision))))
