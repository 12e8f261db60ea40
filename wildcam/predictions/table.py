"""What a batch of predictions is, as a table with a row for each image, and the facts that hold for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pydantic import AwareDatetime, BaseModel, ConfigDict

from wildcam.serving.card import ModelCard
from wildcam.serving.task_of import Question, question_of
from wildcam.serving.two_stage import Verdict

SCHEMA = pa.schema(
    {
        "image_id": pa.string(),  # of the data set; of a folder or a list the path
        "path": pa.string(),  # relative to the facts' `root`, with `/`
        "location": pa.string(),  # "" where unknown
        "sequence_id": pa.string(),  # "" where unknown
        "taken_at": pa.timestamp("us"),  # the camera's clock; null where unknown
        "width": pa.int32(),  # px, as stored; 0 where unknown
        "height": pa.int32(),
        "label": pa.string(),  # a species, `empty`, `unknown` or `failed`
        "source": pa.string(),  # which part decided: the values of `serving.two_stage.Source`
        "confidence": pa.float32(),  # mean probability of the label, 0–1; of an unknown: of the likeliest species
        "agreement": pa.int16(),  # views that voted for the winner of the deciding stage
        "views": pa.int16(),
        "p_empty": pa.float32(),  # stage 1's mean over the views, 0–1; null where it did not look
        "top_labels": pa.list_(pa.string()),  # likeliest species first; empty where stage 2 did not look
        "top_probabilities": pa.list_(pa.float32()),
        "ties": pa.string(),  # stages whose views were split evenly, separated by commas
        "failure": pa.string(),  # why it could not be read; "" otherwise
    }
)
"""Columns of a table of predictions, in order."""

COLUMNS = tuple(SCHEMA.names)


class PredictionFacts(BaseModel):
    """What holds for all images of a batch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path  # folder that the paths are relative to
    source: str  # what was looked at, in words
    empty_model: str  # "" where the other model told empty itself
    species_model: str
    classes: tuple[str, ...]  # what can be named: of stage 2, or of the one model
    cards: tuple[ModelCard, ...] = ()  # of the models, as they were; none where they are not known
    is_demo: bool
    views: int  # at most; the rows say how many
    quick: bool = False  # two views, and the others only where these disagree
    aggregation: str
    empty_threshold: float
    unknown_threshold: float
    run_id: str
    created_at: AwareDatetime

    @property
    def graphs(self) -> tuple[str, ...]:
        """The hashes of the models' graphs."""
        return tuple(card.sha256 for card in self.cards)

    @property
    def has_two_stages(self) -> bool:
        """Whether the species' probabilities hold for animals only, and not for all images."""
        return len(self.names) == 2

    @property
    def question(self) -> Question:
        """What was answered."""
        return question_of(self.cards)

    @property
    def classifier(self) -> str:
        """Both models in one name."""
        return f"WildCam {self.models}"

    @property
    def names(self) -> tuple[str, ...]:
        """The models' names, in the order of `cards`."""
        return tuple(filter(None, (self.empty_model, self.species_model)))

    @property
    def models(self) -> str:
        """The models' names in one."""
        return " + ".join(self.names)


@dataclass(frozen=True)
class ImageRecord:
    """An image that is asked about, with what is known of it beforehand."""

    image_id: str
    path: str
    location: str = ""
    sequence_id: str = ""
    taken_at: datetime | None = None
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Prediction:
    """An image with its verdict: a row of the table."""

    records: ImageRecord
    verdict: Verdict

    def row(self) -> dict[str, object]:
        """The values of `COLUMNS`."""
        verdict = self.verdict
        return {
            **vars(self.records),
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
        }


def predictions_table(predictions: Iterable[Prediction]) -> pd.DataFrame:
    """A row for each, with `COLUMNS`."""
    return as_table([prediction.row() for prediction in predictions])


def as_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows with the values of `COLUMNS` as a table of the schema's types."""
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    return table.to_pandas()
