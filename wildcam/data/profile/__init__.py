"""Every figure that a page shows of a data set, each a pure function of the catalog's table."""

import json
from typing import Annotated, Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, PlainSerializer

from wildcam.data.catalog import Dataset
from wildcam.data.profile.classes import CLASS_COLUMNS, Scope, class_table, within
from wildcam.data.profile.empty import EMPTY_COLUMNS, empty_by, empty_by_hour, empty_by_month, wilson_interval
from wildcam.data.profile.locations import LOCATION_COLUMNS, location_table, species_by_location
from wildcam.data.profile.long_tail import HEAD_ABOVE, TAIL_BELOW, Band, LongTail, long_tail
from wildcam.data.profile.overview import Overview, overview
from wildcam.data.profile.sides import SIDE_COLUMNS, SplitPreview, preview_split

__all__ = [
    "CLASS_COLUMNS", "EMPTY_COLUMNS", "HEAD_ABOVE", "LOCATION_COLUMNS", "SIDE_COLUMNS", "TAIL_BELOW", "Band", "LongTail", "Overview", "Profile",
    "Scope", "SplitPreview", "class_table", "empty_by", "empty_by_hour", "empty_by_month", "location_table",
    "long_tail", "overview", "preview_split", "profile", "species_by_location", "wilson_interval", "within",
]  # fmt: skip


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return json.loads(str(table.to_json(orient="records", date_format="iso", double_precision=6)))


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{share:.2%}"


Table = Annotated[pd.DataFrame, PlainSerializer(_records)]


class Profile(BaseModel):
    """A data set in figures."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str
    overview: Overview
    long_tail: dict[Scope, LongTail | None]
    classes: Table  # CLASS_COLUMNS
    locations: Table  # LOCATION_COLUMNS
    hours: Table  # hour, EMPTY_COLUMNS
    months: Table  # month, EMPTY_COLUMNS

    def to_json(self) -> dict[str, Any]:
        """Everything as JSON values; tables are lists of rows, what is not known is None."""
        return self.model_dump(mode="json")

    def summary(self) -> dict[str, str]:
        """The figures that tell a data set from another, in words, for a person at a terminal."""
        seen, tail = self.overview, self.long_tail[Scope.ALL]
        facts = {
            "photographs": f"{seen.photographs:,}, {seen.labelled:,} of them labelled",
            "with an animal": f"{seen.animal:,} of {seen.species:,} species",
            "empty": f"{seen.empty:,} = {_percent(seen.empty_share)}",
            "neither": f"{seen.other:,} (people, vehicles, misfires)",
            "cameras": f"{seen.locations:,}",
            "bursts": "not known" if seen.sequences is None else f"{seen.sequences:,}",
            "taken": f"{seen.first:%Y-%m-%d} to {seen.last:%Y-%m-%d}" if seen.first and seen.last else "not known",
            "files missing": f"{seen.missing:,}",
            "files unreadable": f"{seen.unreadable:,}",
            "floor, all labels": f"{_percent(seen.always_empty_accuracy)} right by always saying empty",
            "floor, animal or empty": f"{_percent(seen.always_animal_accuracy)} right by always saying animal",
        }
        if tail:
            facts["labels"] = (
                f"{tail.classes:,}, {tail.above_1000:,} of them with over 1,000 photographs and {tail.at_most[10]:,} "
                "with at most 10"
            )
            facts["long tail"] = (
                f"Gini {tail.gini:.3f}, as varied as {tail.effective_classes:.1f} equal classes; the ten largest hold "
                f"{_percent(tail.top_10_share)}, the rarer half {tail.rarer_half_share:.2%}"
            )
        return facts


def profile(dataset: Dataset) -> Profile:
    """All figures of a data set but those of a split (`preview_split`) and of single cells (`species_by_location`)."""
    index = dataset.index
    classes = class_table(index)
    return Profile(
        name=dataset.name,
        overview=overview(index),
        long_tail={scope: long_tail(within(classes, scope)["photographs"]) for scope in Scope},
        classes=classes,
        locations=location_table(index),
        hours=empty_by_hour(index).reset_index(),
        months=empty_by_month(index).reset_index(),
    )
