"""What an export needs beside the predictions."""

from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Transfer(StrEnum):
    """How images come into folders per species."""

    COPY = "copy"
    LINK = "link"  # symbolic: takes no room, needs the originals


class ExportOptions(BaseModel):
    """Every format reads its own of these."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Camtrap DP
    time_zone: str = Field("", description="Of the cameras' clocks, as in Africa/Nairobi.")
    latitude: float | None = Field(None, ge=-90, le=90, description="Of every camera that `coordinates` does not list.")
    longitude: float | None = Field(None, ge=-180, le=180)
    coordinate_uncertainty_m: int | None = Field(None, ge=1, description="Of every place that is given, in metres.")
    coordinates: Path | None = Field(None, description="CSV with the columns location, latitude, longitude.")
    project_title: str = "Camera-trap survey"
    contributor: str = "WildCam"

    # Kaggle
    sample: Path | None = Field(None, description="The competition's sample_submission.csv: its ids and their order.")
    categories: dict[str, int] = Field({}, description="The number of each label.")

    # folders
    transfer: Transfer = Transfer.COPY

    @model_validator(mode="after")
    def _has_whole_place(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("a latitude needs a longitude, and the other way round")
        return self
