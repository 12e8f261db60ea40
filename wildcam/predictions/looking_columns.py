"""Where the models saw the animal, as columns of a table of predictions."""

from collections.abc import Mapping
from math import isqrt
from typing import Any

import numpy as np
import pandas as pd

from wildcam.images import Box
from wildcam.serving.card import ANIMAL, EMPTY
from wildcam.serving.evidence import Evidence
from wildcam.serving.two_stage import Verdict

LOOKING_COLUMNS = ("closer_window", "closer_label", "closer_probability", "evidence_box", "evidence_heat")


def looking_columns(verdict: Verdict) -> dict[str, object]:
    """The values of `LOOKING_COLUMNS`; None for what there is not."""
    closer, evidence = verdict.closer, verdict.evidence
    return {
        "closer_window": list(closer.window) if closer else None,
        "closer_label": closer.species if closer else None,
        "closer_probability": closer.p_species if closer else None,
        "evidence_box": list(evidence.box) if evidence and evidence.box else None,
        "evidence_heat": [value for row in evidence.heat for value in row] if evidence else None,
    }


def evidence_of(row: Mapping[str, Any]) -> Evidence | None:
    """The evidence of a row, as the verdict had it; None where it has none, as rows of older versions."""
    heat = row["evidence_heat"]
    if not isinstance(heat, list | np.ndarray) or not len(heat):
        return None
    side = isqrt(len(heat))
    rows = tuple(tuple(int(value) for value in heat[start : start + side]) for start in range(0, side * side, side))
    return Evidence(ANIMAL, rows, box_of(row["evidence_box"]))


def evidence_boxes(rows: pd.DataFrame) -> dict[str, Box]:
    """The box of each image that is called an animal, by `image_id`; images without one are left out."""
    boxes = {row["image_id"]: box_of(row["evidence_box"]) for row in rows.to_dict("records") if row["label"] != EMPTY}
    return {image_id: box for image_id, box in boxes.items() if box}


def box_of(values: Any) -> Box | None:
    """A box from a cell of a table."""
    if not isinstance(values, list | np.ndarray) or len(values) != 4:
        return None
    left, top, width, height = (float(value) for value in values)
    return left, top, width, height
