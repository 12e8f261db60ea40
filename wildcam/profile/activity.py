"""Activity by hour of the day (camera clocks), and the light in which images were taken."""

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from wildcam.data.daylight import by_day
from wildcam.data.labels import LabelRole


class Light(BaseModel):
    """The light in which images were taken; shares are 0–1, None where unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    timed: int = Field(description="Photos with a time.")
    day_share: float | None = Field(
        description="Taken from 6:00 to 18:00 by the camera's clock, of photos with a time."
    )
    night_share: float | None = Field(description="Taken at other hours, of photos with a time.")
    checked: int = Field(description="Photos measured by a check of the files.")
    infrared_share: float | None = Field(description="Black and white, as with infrared flash, of checked photos.")


def light(index: pd.DataFrame, infrared: pd.Series | None = None) -> Light:
    """The shares of a catalog's table. `infrared`: boolean for every row, missing where not checked."""
    day = by_day(index).dropna().astype(bool)
    checked = infrared.dropna().astype(bool) if infrared is not None else pd.Series(dtype=bool)
    day_share = float(day.mean()) if len(day) else None
    return Light(
        timed=len(day),
        day_share=day_share,
        night_share=None if day_share is None else 1 - day_share,
        checked=len(checked),
        infrared_share=float(checked.mean()) if len(checked) else None,
    )


def species_by_hour(index: pd.DataFrame) -> pd.DataFrame:
    """Images of every species (rows, the most frequent first) in each hour of the day (columns 0–23)."""
    animals = index[(index["role"] == LabelRole.ANIMAL) & index["taken_at"].notna()]
    counts = animals.groupby(
        ["label", animals["taken_at"].dt.hour.astype("int64").rename("hour")], observed=True
    ).size()
    table = counts.unstack(fill_value=0).reindex(columns=range(24), fill_value=0)
    return table.loc[table.sum(axis="columns").sort_values(ascending=False, kind="stable").index]
