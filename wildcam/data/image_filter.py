"""Which images of a data set to show."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from wildcam.data.catalog import Status
from wildcam.data.daylight import by_day
from wildcam.data.splits import Subset


@dataclass(frozen=True)
class ImageFilter:
    """What an image has to be; None admits every image. An image of which it is not known does not match."""

    label: str | None = None
    labelled: bool | None = None
    location: str | None = None
    status: Status | None = None
    subset: Subset | None = None
    first_day: date | None = None  # by the camera's clock
    last_day: date | None = None  # itself included
    by_day: bool | None = None
    infrared: bool | None = None

    def apply(
        self, index: pd.DataFrame, *, subsets: pd.Series | None = None, infrared: pd.Series | None = None
    ) -> pd.DataFrame:
        """The rows of a catalog's table that match, in its order.

        `subsets`: `Split.subsets`, needed for a subset; `infrared`: boolean for every row, needed for infrared.
        """
        matches = pd.Series(True, index=index.index)
        if self.label is not None:
            matches &= index["label"] == self.label
        if self.labelled is not None:
            matches &= index["label"].notna() == self.labelled
        if self.location is not None:
            matches &= index["location"] == self.location
        if self.status is not None:
            matches &= index["status"] == self.status
        if self.subset is not None:
            matches &= _known(subsets == self.subset, index)
        if self.first_day is not None:
            matches &= index["taken_at"] >= pd.Timestamp(self.first_day)
        if self.last_day is not None:
            matches &= index["taken_at"] < pd.Timestamp(self.last_day + timedelta(days=1))
        if self.by_day is not None:
            matches &= _known(by_day(index) == self.by_day, index)
        if self.infrared is not None:
            matches &= _known(infrared == self.infrared, index) if infrared is not None else False
        return index[matches]


def _known(answer: pd.Series | bool, index: pd.DataFrame) -> pd.Series:
    """The answer for every row; no where nothing is known."""
    return pd.Series(answer, index=index.index).astype("boolean").fillna(False).astype(bool)
