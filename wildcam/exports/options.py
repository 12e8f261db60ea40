"""Options of an export."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wildcam.choice import Choice
from wildcam.data.species_names import SpeciesNames


class Transfer(Choice):
    """How images get into folders per species."""

    COPY = "copy", "copy"
    LINK = "link", "symbolic link"  # takes no space, needs the originals


class PeopleInPhotos(Choice):
    """What becomes of the photos that show people, where photos are exported."""

    LEAVE_OUT = "leave_out", "leave out"
    BLUR = "blur", "blur"
    KEEP = "keep", "keep as they are"  # asks for `Act.SEE_PEOPLE`


class ExportOptions(BaseModel):
    """Every format reads its own fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Camtrap DP, CSV and COCO
    deployments: Path | None = Field(
        None, description="CSV with the columns location, latitude, longitude, and any of Camtrap DP's deployments."
    )

    # Camtrap DP
    time_zone: str = Field("", description="Time zone of the cameras' clocks, e.g. Africa/Nairobi.")
    latitude: float | None = Field(
        None, ge=-90, le=90, description="Of every location that `deployments` does not list."
    )
    longitude: float | None = Field(None, ge=-180, le=180)
    coordinate_uncertainty_m: int | None = Field(None, ge=1, description="Uncertainty of the given coordinates, m.")
    names: SpeciesNames = Field(SpeciesNames(), description="Scientific and common names of the labels.")
    project_title: str = "Camera-trap survey"
    contributor: str = "WildCam"

    # Kaggle
    sample: Path | None = Field(None, description="The competition's sample_submission.csv: its ids and their order.")
    categories: dict[str, int] = Field({}, description="The number of each label.")

    # CSV
    byte_order_mark: bool = Field(False, description="Begin with a mark, by which Excel knows UTF-8.")

    # folders
    transfer: Transfer = Transfer.COPY
    people: PeopleInPhotos = PeopleInPhotos.LEAVE_OUT

    @model_validator(mode="after")
    def _has_both_coordinates(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("received only one of latitude and longitude: give both, or neither")
        return self
