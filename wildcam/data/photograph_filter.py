"""Which photographs of a data set to show."""

from dataclasses import dataclass

import pandas as pd

from wildcam.data.catalog import Status


@dataclass(frozen=True)
class PhotographFilter:
    """What a photograph has to be; None asks for nothing."""

    label: str | None = None
    labelled: bool | None = None
    location: str | None = None
    status: Status | None = None

    def rows(self, index: pd.DataFrame) -> pd.DataFrame:
        """The rows of a catalog's table that fit, in its order."""
        fits = pd.Series(True, index=index.index)
        if self.label is not None:
            fits &= index["label"] == self.label
        if self.labelled is not None:
            fits &= index["label"].notna() == self.labelled
        if self.location is not None:
            fits &= index["location"] == self.location
        if self.status is not None:
            fits &= index["status"] == self.status
        return index[fits]
