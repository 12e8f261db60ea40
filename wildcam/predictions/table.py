"""Predictions as a table, a row for each image."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import pyarrow as pa

from wildcam.predictions.looking_columns import looking_columns
from wildcam.serving.two_stage import Verdict

SCHEMA = pa.schema(
    {
        "image_id": pa.string(),  # of the data set; of a folder or a list the path
        "path": pa.string(),  # relative to the batch's `root`, with `/`
        "location": pa.string(),  # "" where unknown
        "sequence_id": pa.string(),  # "" where unknown
        "taken_at": pa.timestamp("us"),  # the camera's clock; null where unknown
        "width": pa.int32(),  # px, as stored; 0 where unknown
        "height": pa.int32(),
        "label": pa.string(),  # a species, `empty`, `unknown` or `failed`
        "source": pa.string(),  # which part decided: the values of `serving.two_stage.VerdictSource`
        "confidence": pa.float32(),  # mean probability of the label, 0–1; of an unknown: of the most probable species
        "agreement": pa.int16(),  # views that voted for the winner of the deciding stage
        "views": pa.int16(),
        "p_empty": pa.float32(),  # stage 1's mean over the views, 0–1; null where it did not run
        "top_labels": pa.list_(pa.string()),  # most probable species first; empty where stage 2 did not run
        "top_probabilities": pa.list_(pa.float32()),
        "ties": pa.string(),  # stages whose views were split evenly, separated by commas
        "failure": pa.string(),  # why it could not be read; "" otherwise
        "camera": pa.string(),  # model and serial number of the body; "" or null where unknown
        "utc_offset": pa.int16(),  # minutes east of UTC of `taken_at`; null where unknown
        "closer_window": pa.list_(pa.float32()),  # left, top, width, height, 0–1; null where there was no closer look
        "closer_label": pa.string(),  # what the closer look says
        "closer_probability": pa.float32(),
        "evidence_box": pa.list_(pa.float32()),  # of an animal, as `closer_window`; null where no graph has evidence
        "evidence_heat": pa.list_(pa.uint8()),  # rows of a square map from the top, 0–255
        "reviewed_at": pa.timestamp("us"),  # UTC; null where no reviewer gave the label, as in every table on disk
        "reviewed_by": pa.string(),  # the reviewer's name; "" or null where unknown
    }
)
"""Columns of a table of predictions, in order."""

COLUMNS = tuple(SCHEMA.names)


@dataclass(frozen=True)
class ImageRecord:
    """An image to predict, with what is known of it beforehand."""

    image_id: str
    path: str
    location: str = ""
    sequence_id: str = ""
    taken_at: datetime | None = None
    width: int = 0
    height: int = 0
    camera: str = ""
    utc_offset: int | None = None


@dataclass(frozen=True)
class Prediction:
    """An image with its verdict: a row of the table."""

    record: ImageRecord
    verdict: Verdict

    def row(self) -> dict[str, object]:
        """The values of `COLUMNS`."""
        verdict = self.verdict
        return {
            **vars(self.record),
            "label": verdict.label,
            "source": str(verdict.source),
            "confidence": verdict.confidence,
            "agreement": verdict.agreement,
            "views": len(verdict.views),
            "p_empty": verdict.p_empty,
            "top_labels": [item.label for item in verdict.top],
            "top_probabilities": [item.probability for item in verdict.top],
            "ties": ",".join(verdict.ties),
            "failure": verdict.failure,
            **looking_columns(verdict),
            "reviewed_at": None,
            "reviewed_by": "",
        }


def predictions_table(predictions: Iterable[Prediction]) -> pd.DataFrame:
    """A row for each, with `COLUMNS`."""
    return as_table([prediction.row() for prediction in predictions])


def as_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows with the values of `COLUMNS` as a table of the schema's types."""
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    return table.to_pandas()
