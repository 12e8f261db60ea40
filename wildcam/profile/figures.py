"""The profile of a data set: what Explore shows, and what `data profile` prints."""

import json
from typing import Annotated, Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, PlainSerializer

from wildcam.data.catalog import Dataset
from wildcam.data.likely_duplicate_labels import likely_duplicate_labels
from wildcam.data.splits import SplitPolicy, SplitSpec
from wildcam.errors import DataError
from wildcam.profile.activity import Light, light, species_by_hour
from wildcam.profile.classes import Scope, class_table, within
from wildcam.profile.empty import empty_by_hour, empty_by_month
from wildcam.profile.locations import location_table, species_by_location
from wildcam.profile.long_tail import LongTail, long_tail
from wildcam.profile.overview import Overview, overview
from wildcam.profile.subsets import preview_split
from wildcam.profile.timeline import timeline
from wildcam.quality.findings import count_findings, find, is_infrared
from wildcam.quality.table import load_quality

MOST_LEAKS = 100
"""Pairs that `everything` lists; the table of subsets counts all."""


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return json.loads(str(table.to_json(orient="records", date_format="iso", double_precision=6)))


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.2%}"


Table = Annotated[pd.DataFrame, PlainSerializer(_records)]


class Profile(BaseModel):
    """The figures of a data set."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str
    overview: Overview
    long_tail: dict[Scope, LongTail | None]
    classes: Table  # CLASS_COLUMNS
    likely_duplicate_labels: Table  # LIKELY_DUPLICATE_COLUMNS
    locations: Table  # LOCATION_COLUMNS
    hours: Table  # hour, EMPTY_COLUMNS, UNLABELLED
    months: Table  # month, EMPTY_COLUMNS, UNLABELLED
    light: Light

    def to_json(self) -> dict[str, Any]:
        """All figures as JSON values; tables are lists of rows, unknown values are None."""
        return self.model_dump(mode="json")

    def summary(self) -> dict[str, str]:
        """The main figures as text, by name, for a terminal."""
        overview, tail = self.overview, self.long_tail[Scope.ALL]
        facts = {
            "photos": f"{overview.images:,}, {overview.labelled:,} of them labelled",
            "with an animal": f"{overview.animal:,} of {overview.species:,} species",
            "empty": f"{overview.empty:,} = {_percent(overview.empty_share)}",
            "other": f"{overview.other:,} (people, vehicles, misfires)",
            "locations": f"{overview.locations:,}",
            "bursts": "unknown" if overview.sequences is None else f"{overview.sequences:,}",
            "taken": f"{overview.first:%Y-%m-%d} to {overview.last:%Y-%m-%d}"
            if overview.first and overview.last
            else "unknown",
            "missing files": f"{overview.missing:,}",
            "unreadable files": f"{overview.unreadable:,}",
            "baseline, all labels": f"{_percent(overview.always_empty_accuracy)} accuracy by always answering empty",
            "baseline, animal or empty": (
                f"{_percent(overview.always_animal_accuracy)} accuracy by always answering animal"
            ),
        }
        if tail:
            facts["labels"] = (
                f"{tail.classes:,}, {tail.above_1000:,} of them with over 1,000 photos and {tail.at_most[10]:,} "
                "with at most 10"
            )
            facts["long tail"] = (
                f"Gini {tail.gini:.3f}, {tail.effective_classes:.1f} effective classes; the ten largest classes have "
                f"{_percent(tail.top_10_share)} of the photos, the rarer half {tail.rarer_half_share:.2%}"
            )
        return facts


def profile(dataset: Dataset) -> Profile:
    """The figures of a data set's table; `everything` has the large tables, too."""
    index = dataset.index
    classes, checked = class_table(index), load_quality(dataset)
    return Profile(
        name=dataset.name,
        overview=overview(index),
        long_tail={scope: long_tail(within(classes, scope)["images"]) for scope in Scope},
        classes=classes,
        likely_duplicate_labels=likely_duplicate_labels(_sizes(dataset, classes)),
        locations=location_table(index),
        hours=empty_by_hour(index).reset_index(),
        months=empty_by_month(index).reset_index(),
        light=light(index, None if checked is None else is_infrared(checked)),
    )


def everything(dataset: Dataset) -> dict[str, Any]:
    """Every figure that Explore shows, as JSON values; in place of a split that cannot be made, the reason."""
    index, checked = dataset.index, load_quality(dataset)
    line = timeline(index)
    return profile(dataset).to_json() | {
        "species_by_location": _cells(species_by_location(index)),
        "species_by_hour": _cells(species_by_hour(index)),
        "timeline": {"period": line.period, "images": _cells(line.images)},
        "findings": None if checked is None else count_findings(find(index, checked)),
        "splits": {str(policy): _split(index, policy) for policy in SplitPolicy},
    }


def _sizes(dataset: Dataset, classes: pd.DataFrame) -> pd.Series:
    """Images of every label that occurs, and 0 for those that the source only lists; without merged ones."""
    listed = [name for name in dataset.info.categories if name not in dataset.info.labels.merged]
    sizes = classes.set_index("label")["images"]
    return sizes.reindex([*sizes.index, *(name for name in listed if name not in sizes.index)], fill_value=0)


def _cells(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A row for every cell that is not 0."""
    cells = table.rename_axis(columns=table.columns.name or "column").stack().rename("images")
    return _records(cells[cells > 0].reset_index())


def _split(index: pd.DataFrame, policy: SplitPolicy) -> dict[str, Any] | str:
    try:
        preview = preview_split(index, SplitSpec(policy=policy))
    except DataError as error:
        return str(error)
    return {
        "subsets": _records(preview.subsets),
        "classes": _records(preview.classes.reset_index()),
        "species_not_in_train": preview.species_not_in_train,
        "labels_only_in_test": preview.labels_only_in_test,
        "leaks": _records(preview.leaks.head(MOST_LEAKS)),
        "left_out": preview.left_out,
        "warnings": preview.split.warnings,
    }
