"""Which animal each photo shows, from the labels or from a batch of predictions."""

from pathlib import Path

import pandas as pd

from wildcam.data.labels import LabelRole
from wildcam.data.reviews import Decision
from wildcam.predictions.parts import read_predictions
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN

SIGHTING_COLUMNS = ("location", "species", "taken_at")


def labelled_sightings(index: pd.DataFrame) -> pd.DataFrame:
    """`SIGHTING_COLUMNS` of the photos whose label is an animal."""
    animals = index[index["role"] == LabelRole.ANIMAL]
    return animals.rename(columns={"label": "species"})[list(SIGHTING_COLUMNS)].astype({"species": "str"})


def predicted_sightings(index: pd.DataFrame, batch: Path) -> pd.DataFrame:
    """`SIGHTING_COLUMNS` of the photos that a batch calls a species; time and location are the catalog's.

    What it calls empty or unknown, and what failed, is left out; of a reviewed photo the reviewer's label counts.
    """
    predicted = read_predictions(batch, ["image_id", "label"]).rename(columns={"label": "species"})
    rows = index[["image_id", "location", "taken_at", "label", "role", "decision"]].merge(
        predicted, on="image_id", validate="one_to_one"
    )
    reviewed = rows["decision"] == Decision.LABEL
    animal = rows["role"] == LabelRole.ANIMAL
    named = animal.where(reviewed, ~rows["species"].isin([EMPTY, UNKNOWN, FAILED]))
    rows["species"] = rows["label"].astype(object).where(reviewed, rows["species"])
    return rows.loc[named, list(SIGHTING_COLUMNS)].astype({"species": "str"})
