"""How other programs name what they see."""

import re
from dataclasses import dataclass
from typing import Self

from wildcam.data.label_words import Meaning, meaning_of

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

NO_RESULT = "no cv result"
"""SpeciesNet's name where neither of its models answered."""


@dataclass(frozen=True)
class TaxonName:
    """A class of another program: a species, a higher rank, a person, a vehicle, or nothing."""

    common: str
    scientific: str = ""  # genus and species; "" where it is no species, or none is told
    has_higher_rank: bool = False  # an order, a family or the like, known from its taxonomy

    @classmethod
    def parse(cls, text: str, taxonomy: str = "") -> Self:
        """A plain name, or SpeciesNet's `uuid;class;order;family;genus;species;common name`, whole or in part.

        `taxonomy`: such a line beside a plain name; the file of MegaDetector has it as a description.
        """
        ranks = [part.strip() for part in (taxonomy or text).split(";")]
        if len(ranks) == 7 or _UUID.fullmatch(ranks[0]):
            ranks = ranks[1:]
        if len(ranks) not in (5, 6):
            return cls(text.strip())
        *higher, genus, species = ranks[:5]
        common = text.strip() if taxonomy else (ranks[5:] or [""])[0]
        if genus and species:
            binomial = species if species.startswith(f"{genus} ") else f"{genus} {species}"
            return cls(common or binomial, binomial)
        named = [rank for rank in (*higher, genus) if rank]
        return cls(common or (named or [""])[-1], has_higher_rank=bool(named))

    @property
    def meaning(self) -> Meaning | None:
        """What it says where it names no species; None where it may name one."""
        if self.common == NO_RESULT:
            return Meaning.NOT_SEEN
        found = meaning_of(self.scientific) if self.scientific else meaning_of(self.common)
        return Meaning.ANIMAL if found is None and self.has_higher_rank else found
