"""Reviews of a data set as a table that is given away, filled in elsewhere, and taken back."""

from pathlib import Path

import pandas as pd

from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.text_table import read_table
from wildcam.data.reviews import Review, spelled_as_known
from wildcam.errors import DataError

TABLE_COLUMNS = ("path", "label", "predicted", "decision", "reviewed_by", "reviewed_at", "reason")
"""Of the table that is written; `path` and `label` are enough to be read."""


def reviews_table(dataset: Dataset) -> pd.DataFrame:
    """`TABLE_COLUMNS`, a row for each reviewed photo of the data set; `path` relative to its folder."""
    rows = [
        (path, each.label, each.predicted, each.decision, each.reviewed_by, each.reviewed_at, each.reason)
        for path, each in dataset.reviews.by_path.items()
    ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def read_reviews(path: Path, dataset: Dataset) -> list[Review]:
    """The labels of a CSV that the data set's reviews do not say already, as reviews to store.

    Rows without a label are passed over. Raises `DataError` for another table, and for photos of other data sets.
    """
    table = read_table(path, Remarks())
    if not {"path", "label"} <= set(table):
        raise DataError(f"{path.name} has the columns {', '.join(table)}: expected path and label, a row a photo.")
    given = table.dropna(subset=["path", "label"]).drop_duplicates("path", keep="last")
    index = dataset.unreviewed.set_index("path")
    others = given.loc[~given["path"].isin(index.index), "path"]
    if len(others):
        raise DataError(
            f"{path.name} names {counted(len(others), 'photo')} that the data set {dataset.name} has not, such as "
            f"{others.iloc[0]}: expected paths as `data reviews {dataset.name} --write FILE.csv` writes them."
        )
    known = [str(label) for label in dataset.info.labels.read(dataset.unreviewed["label"])["label"].cat.categories]
    said = dataset.reviews.labels()
    shown = dataset.info.labels.read(index["label"])["label"].astype(object).fillna("")
    labels = {photo: spelled_as_known(label, known) for photo, label in zip(given["path"], given["label"], strict=True)}
    return [
        Review(photo, shown[photo], label, str(dataset.image_path(photo).absolute()), reason=f"table {path.name}")
        for photo, label in labels.items()
        if said.get(photo) != label
    ]
