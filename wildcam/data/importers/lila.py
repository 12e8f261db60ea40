"""The table of all images of LILA (https://lila.science/image-access/), or a part of it, among other tables."""

import pandas as pd

LILA_COLUMNS = {"dataset_name", "image_id", "annotation_level", "datetime"}
"""Columns that no other table has together. Its dates are `01-05-2020 06:00:00`, the month first."""

SEQUENCE = "sequence"


def is_lila(table: pd.DataFrame) -> bool:
    """Whether a table is LILA's."""
    return set(table) >= LILA_COLUMNS


def labels_of_sequences(table: pd.DataFrame) -> pd.Series:
    """Whether each row's label was given to a whole burst; boolean, missing where the table does not say."""
    if "annotation_level" not in table:
        return pd.Series(pd.NA, index=table.index, dtype="boolean")
    level = table["annotation_level"].str.strip().str.lower()
    return (level == SEQUENCE).astype("boolean").mask(level.isna() | (level == "unknown"))
