"""All that the page Ecology shows of a data set, worked out together."""

from dataclasses import dataclass

import pandas as pd

from wildcam.ecology.abundance import relative_abundance
from wildcam.ecology.accumulation import species_accumulation
from wildcam.ecology.detections import independent_detections
from wildcam.ecology.effort import effort_by_location
from wildcam.exports.deployment_table import DeploymentTable


@dataclass(frozen=True)
class EcologySummary:
    """Figures of the photos with an animal that have a time and a location."""

    detections: pd.DataFrame  # `location`, `species`, `taken_at` of each independent detection
    effort: pd.DataFrame  # `effort.EFFORT_COLUMNS`
    abundance: pd.DataFrame  # `abundance.ABUNDANCE_COLUMNS`
    accumulation: pd.DataFrame  # `accumulation.ACCUMULATION_COLUMNS`, over the locations with trap nights or detections
    images_left_out: int  # with an animal, but without a time or a location

    @property
    def detections_without_effort(self) -> int:
        """Detections at locations without trap nights, which relative abundance leaves out."""
        return int(self.effort["detections"][~(self.effort["nights"] > 0)].sum())


def summarise(
    index: pd.DataFrame, sightings: pd.DataFrame, deployments: DeploymentTable, minutes: float
) -> EcologySummary:
    """`index`: the catalog's table. `sightings`: see `sightings`. `minutes`: between independent detections."""
    detections = independent_detections(sightings, minutes)
    effort = effort_by_location(index, deployments, detections)
    counted = int(((effort["nights"] > 0) | (effort["detections"] > 0)).sum())
    return EcologySummary(
        detections,
        effort,
        relative_abundance(detections, effort),
        species_accumulation(detections, counted),
        int(sightings[["location", "taken_at"]].isna().any(axis="columns").sum()),
    )
