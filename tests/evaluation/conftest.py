"""A table of scored images, small enough to work out by hand."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from wildcam.evaluation.ground_truth import SCORED_COLUMNS, outcome


@pytest.fixture
def score_rows() -> Callable[[Sequence[dict[str, object]]], pd.DataFrame]:
    """`SCORED_COLUMNS` from rows that name what matters."""

    def table(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
        usual = {
            "location": "n",
            "sequence_id": "",
            "taken_at": pd.NaT,
            "camera": "",
            "utc_offset": None,
            "second_species": "",
            "confidence": 0.9,
            "agreement": 4,
            "views": 4,
            "p_empty": 0.1,
            "top_labels": [],
            "top_probabilities": [],
        }
        whole = [
            usual
            | {"image_id": str(k), "path": f"{k}.jpg", "outcome": outcome(str(row["ground_truth"]), str(row["label"]))}
            | row
            for k, row in enumerate(rows)
        ]
        found = pd.DataFrame(whole)[list(SCORED_COLUMNS)]
        found["p_empty"] = found["p_empty"].astype("float32")
        for name in ("top_labels", "top_probabilities"):
            found[name] = found[name].map(np.array)
        return found.assign(taken_at=pd.to_datetime(found["taken_at"]))

    return table
