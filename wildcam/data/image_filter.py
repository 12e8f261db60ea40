"""Which images of a data set to show."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from wildcam.data.catalog import Status
from wildcam.data.splits import Subset
from wildcam.profile import by_day


@dataclass(frozen=True)
class ImageFilter:
    """What an image has to be; None asks for nothing. An image of which it is not known does not fit."""

    label: str | None = None
    labelled: bool | None = None
    location: str | None = None
    status: Status | None = None
    subset: Subset | None = None
    first_day: date | None = None  # by the camera's clock
    last_day: date | None = None  # itself included
    by_day: bool | None = None
    infrared: bool | None = None

    def rows(
        self, index: pd.DataFrame, *, subsets: pd.Series | None = None, infrared: pd.Series | None = None
    ) -> pd.DataFrame:
        """The rows of a catalog's table that fit, in its order.

        `sides`: `Split.sides`, needed for a side; `infrared`: boolean for every row, needed for infrared.
        """
        fits = pd.Series(True, index=index.index)
        if self.label is not None:
            fits &= index["label"] == self.label
        if self.labelled is not None:
            fits &= index["label"].notna() == self.labelled
        if self.location is not None:
            fits &= index["location"] == self.location
        if self.status is not None:
            fits &= index["status"] == self.status
        if self.subset is not None:
            fits &= _known(subsets == self.subset, index)
        if self.first_day is not None:
            fits &= index["taken_at"] >= pd.Timestamp(self.first_day)
        if self.last_day is not None:
            fits &= index["taken_at"] < pd.Timestamp(self.last_day + timedelta(days=1))
        if self.by_day is not None:
            fits &= _known(by_day(index) == self.by_day, index)
        if self.infrared is not None:
            fits &= _known(infrared == self.infrared, index) if infrared is not None else False
        return index[fits]


def _known(answer: pd.Series | bool, index: pd.DataFrame) -> pd.Series:
    """The answer for every row; no for one of which nothing is known."""
    return pd.Series(answer, index=index.index).astype("boolean").fillna(False).astype(bool)
