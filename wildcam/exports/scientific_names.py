"""Scientific names of labels, by a table of the user's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.text_table import read_table
from wildcam.data.label_words import folded
from wildcam.errors import DataError
from wildcam.exports.labels import species

LABEL_NAMES = ("label", "common_name", "vernacularname", "name")
SCIENTIFIC_NAMES = ("scientific_name", "scientificname", "taxon", "species")


@dataclass(frozen=True)
class ScientificNames:
    """Names by the folded label; a label that is not listed is its own name."""

    by_label: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None) -> Self:
        """From a CSV `label,scientific_name`. Raises `DataError` for another table."""
        if path is None:
            return cls()
        table = read_table(path, Remarks())
        columns = {name.lower().replace(" ", "_"): name for name in table}
        label = next((columns[name] for name in LABEL_NAMES if name in columns), None)
        name = next((columns[name] for name in SCIENTIFIC_NAMES if name in columns and columns[name] != label), None)
        if label is None or name is None:
            raise DataError(
                f"{path.name} has the columns {', '.join(table)}: expected label and scientific_name, a row a label."
            )
        known = table.dropna(subset=[label, name])
        return cls({folded(each): str(meant).strip() for each, meant in zip(known[label], known[name], strict=True)})

    def of(self, label: str) -> str:
        """The scientific name of a label; "" of one that names no animal."""
        own = species(label)
        return self.by_label.get(folded(label), own) if own else ""
