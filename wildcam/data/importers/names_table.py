"""A user's table of names: `label`, and the scientific name, the common name, or both."""

from pathlib import Path

import pandas as pd

from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.text_table import read_table
from wildcam.data.species_names import SpeciesNames
from wildcam.errors import DataError

LABELS = ("label", "name")
SCIENTIFIC = ("scientific_name", "scientificname", "taxon", "species")
COMMON = ("common_name", "commonname", "vernacularname", "vernacular_name")


def read_names(path: Path) -> SpeciesNames:
    """The table of a CSV; a common name is the label where there is no such column.

    Raises `DataError` for another table, and for one that gives a label two names.
    """
    table = read_table(path, Remarks())
    columns = {name.lower().replace(" ", "_"): name for name in table}

    def find(names: tuple[str, ...], taken: str | None = None) -> str | None:
        return next((columns[name] for name in names if name in columns and columns[name] != taken), None)

    common = find(COMMON)
    label = find(LABELS) or common
    scientific = find(SCIENTIFIC, label)
    if label is None or (scientific is None and common in (None, label)):
        raise DataError(
            f"{path.name} has the columns {', '.join(table)}: expected label, and scientific_name, common_name or "
            "both, a row a label."
        )
    repeated = table[label].dropna().duplicated()
    if repeated.any():
        raise DataError(
            f"{path.name} names {table[label].dropna()[repeated].iloc[0]} twice: expected a row a label. Remove one."
        )
    missing = pd.Series(pd.NA, table.index, dtype="string")
    return SpeciesNames.of_columns(
        table[label].str.strip(), table[scientific] if scientific else missing, table[common] if common else missing
    )
