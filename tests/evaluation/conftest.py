"""A table of judged photographs, small enough to work out by hand."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from wildcam.evaluation.truth import JUDGED_COLUMNS, outcome


@pytest.fixture
def judge_rows() -> Callable[[Sequence[dict[str, object]]], pd.DataFrame]:
    """`JUDGED_COLUMNS` from rows that name what matters."""

    def table(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
        usual = {
            "location": "n", "sequence_id": "", "taken_at": pd.NaT, "confidence": 0.9, "agreement": 4, "views": 4, "p_empty": 0.1,
            "top_labels": [], "top_probabilities": [],
        }  # fmt: skip
        whole = [
            usual
            | {"image_id": str(k), "path": f"{k}.jpg", "outcome": outcome(str(row["truth"]), str(row["label"]))}
            | row
            for k, row in enumerate(rows)
        ]
        found = pd.DataFrame(whole)[list(JUDGED_COLUMNS)]
        found["p_empty"] = found["p_empty"].astype("float32")
        for name in ("top_labels", "top_probabilities"):
            found[name] = found[name].map(np.array)
        return found.assign(taken_at=pd.to_datetime(found["taken_at"]))

    return table
