"""When animals are about, by the cameras' clocks, and in what light they were taken."""

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from wildcam.data.labels import LabelRole

DAY_HOURS = range(6, 18)
"""Hours of the camera's clock that count as day; the sun is not asked."""


class Light(BaseModel):
    """In what light images were taken; shares are 0–1, None where nothing is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timed: int = Field(description="Photos whose time is known.")
    day_share: float | None = Field(description="Taken from 6 to 18 o'clock by the camera's clock, among the timed.")
    night_share: float | None = Field(description="Taken at other hours, among the timed.")
    checked: int = Field(description="Photos whose pixels a check of the files has looked at.")
    infrared_share: float | None = Field(description="Without colour, as by infrared flash, among those looked at.")


def by_day(index: pd.DataFrame) -> pd.Series:
    """Whether each image of a catalog's table was taken by day; missing where its time is. boolean"""
    hours = index["taken_at"].dt.hour
    return hours.between(DAY_HOURS.start, DAY_HOURS.stop - 1).astype("boolean").where(hours.notna())


def light(index: pd.DataFrame, infrared: pd.Series | None = None) -> Light:
    """The shares of a catalog's table. `infrared`: boolean for every row, missing where no check has looked."""
    day = by_day(index).dropna().astype(bool)
    looked = infrared.dropna().astype(bool) if infrared is not None else pd.Series(dtype=bool)
    day_share = float(day.mean()) if len(day) else None
    return Light(
        timed=len(day),
        day_share=day_share,
        night_share=None if day_share is None else 1 - day_share,
        checked=len(looked),
        infrared_share=float(looked.mean()) if len(looked) else None,
    )


def species_by_hour(index: pd.DataFrame) -> pd.DataFrame:
    """Images of every species (rows, the most photographed first) in each hour of the day (columns 0–23)."""
    animals = index[(index["role"] == LabelRole.ANIMAL) & index["taken_at"].notna()]
    counts = animals.groupby(
        ["label", animals["taken_at"].dt.hour.astype("int64").rename("hour")], observed=True
    ).size()
    table = counts.unstack(fill_value=0).reindex(columns=range(24), fill_value=0)
    return table.loc[table.sum(axis="columns").sort_values(ascending=False, kind="stable").index]
