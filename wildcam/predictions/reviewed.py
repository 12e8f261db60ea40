"""What reviewers say, laid over a table of predictions. Scores are taken of the models' own answers, never of these."""

import pandas as pd

from wildcam.data.reviews import ReviewLayer
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import VerdictSource


def with_reviews(table: pd.DataFrame, reviews: ReviewLayer) -> pd.DataFrame:
    """The predictions (`table.COLUMNS` or some of them) with reviewers' labels in place of the models'.

    Such a row has the confidence 1, no failure, and names its reviewer; the ranked species stay the models'.
    `reviews`: of the batch's root.
    """
    said = {path: review for path, review in reviews.by_path.items() if review.has_label}
    rows = table["path"].isin(said)
    if not rows.any():
        return table
    own = [said[path] for path in table.loc[rows, "path"]]
    labels = [review.label for review in own]
    values: dict[str, object] = {
        "label": labels,
        "source": VerdictSource.REVIEW.value,
        "confidence": 1.0,
        "p_empty": [float(label == EMPTY) for label in labels],
        "ties": "",
        "failure": "",
        "reviewed_at": pd.to_datetime([review.reviewed_at for review in own], utc=True).tz_localize(None),
        "reviewed_by": [review.reviewed_by for review in own],
    }
    reviewed = table.copy()
    for name, value in values.items():
        if name in reviewed:
            reviewed.loc[rows, name] = value
    return reviewed
