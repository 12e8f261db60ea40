"""The overview of a data set: counts, dates and baselines."""

from datetime import datetime

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from wildcam.data.catalog import Status
from wildcam.data.labels import LabelRole
from wildcam.data.sequences import sequence_of


class Overview(BaseModel):
    """Counts of images unless a field says otherwise; shares are 0–1, None where nothing is labelled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int = Field(description="Every photo of the data set, with or without a label.")
    labelled: int = Field(description="Photos that have a label: those that can train or evaluate a model.")
    animal: int = Field(description="Photos whose label names an animal.")
    empty: int = Field(description="Photos labelled as empty: false triggers.")
    other: int = Field(description="Photos labelled as neither animal nor empty: people, vehicles, misfires.")
    empty_share: float | None = Field(description="Empty photos, of labelled ones.")
    species: int = Field(description="Distinct animal labels that occur.")
    labels: int = Field(description="Distinct labels that occur, including those that name no animal.")
    locations: int = Field(description="Distinct locations.")
    sequences: int | None = Field(
        description="Bursts: photos of one event at one location. None where the source has neither bursts nor times."
    )
    first: datetime | None = Field(description="Time of the earliest photo (camera clock).")
    last: datetime | None = Field(description="Time of the latest photo (camera clock).")
    without_time: int = Field(description="Photos without a time: none was written, or it cannot be.")
    corrected_times: int = Field(description="Photos whose time is corrected: the camera's clock showed another.")
    missing: int = Field(description="Photos whose file was not found.")
    unreadable: int = Field(description="Photos whose file exists but cannot be decoded.")
    detector_share: float = Field(description="Share of photos that an animal detector was run on.")
    always_empty_accuracy: float | None = Field(
        description="Accuracy of answering empty for every labelled photo: the baseline of a species model."
    )
    always_animal_accuracy: float | None = Field(
        description="Accuracy of answering animal for every empty or animal photo: the baseline of an empty-or-animal "
        "model."
    )


def overview(index: pd.DataFrame) -> Overview:
    """The figures of a catalog's table (`Dataset.index`)."""
    roles, status = index["role"].value_counts(), index["status"].value_counts()
    animal, empty, other = (int(roles.get(role, 0)) for role in (LabelRole.ANIMAL, LabelRole.EMPTY, LabelRole.OTHER))
    labelled = animal + empty + other
    taken_at = index["taken_at"].dropna()
    has_events = len(taken_at) > 0 or index["sequence_id"].notna().any()
    return Overview(
        images=len(index),
        labelled=labelled,
        animal=animal,
        empty=empty,
        other=other,
        empty_share=_share(empty, labelled),
        species=index["label"][index["role"] == LabelRole.ANIMAL].nunique(),
        labels=index["label"].nunique(),
        locations=index["location"].nunique(),
        sequences=int(sequence_of(index).nunique()) if has_events else None,
        first=taken_at.min().to_pydatetime() if len(taken_at) else None,
        last=taken_at.max().to_pydatetime() if len(taken_at) else None,
        without_time=int(index["taken_at"].isna().sum()),
        corrected_times=int(index["camera_time"].notna().sum()) if "camera_time" in index else 0,
        missing=int(status.get(Status.MISSING, 0)),
        unreadable=int(status.get(Status.UNREADABLE, 0)),
        detector_share=float(index["detector_confidence"].notna().mean()) if len(index) else 0.0,
        always_empty_accuracy=_share(empty, labelled),
        always_animal_accuracy=_share(animal, animal + empty),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
