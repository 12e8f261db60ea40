"""Scientific names of labels in exports, by the table of names."""

from wildcam.data.species_names import SpeciesNames
from wildcam.exports.labels import species


def scientific_name(names: SpeciesNames, label: str) -> str:
    """The scientific name of a label, which is its own name where none is known; "" of one that names no animal."""
    own = species(label)
    return (names.of(label).scientific or own) if own else ""
