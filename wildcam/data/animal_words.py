"""Whether names are those of animals, or of what else a photo is labelled with: evidence of what a folder stands for.

A hint and no dictionary: it only chooses between two readings of folders, and a person sees the choice.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from wildcam.data.labels import LabelPolicy

LEAST_SHARE = 1 / 3
"""Part of a level's names that must be words for animals."""

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_LAST_WORDS, _FIRST_WORDS = (frozenset(_WORDS[place].split()) for place in ("last", "first"))

_SCIENTIFIC = re.compile(
    r"[A-Z][a-z]{2,}[ _][a-z]{2,}(?:us|is|um|es|ii|ae|ca|na|ta|la|ra|ix|or|ens|x)(?:[ _][a-z]{3,})?"
)


def are_labels(names: Sequence[str]) -> bool:
    """Whether the names of a level of folders are labels: one means no animal, or many are animals'."""
    policy = LabelPolicy.suggest(_spoken(name) for name in names)
    if policy.empty or policy.other:
        return True
    return sum(map(names_an_animal, names)) >= LEAST_SHARE * len(names)


def names_an_animal(name: str) -> bool:
    """Whether a name is an animal's, as far as these words go."""
    words = re.findall(r"[^\W\d_]+", _spoken(name))
    if not words:
        return False
    last = words[-1]
    return bool(
        last in _LAST_WORDS
        or last.removesuffix("s") in _LAST_WORDS
        or words[0] in _FIRST_WORDS
        or _SCIENTIFIC.fullmatch(name)
    )


def _spoken(name: str) -> str:
    return " ".join(name.lower().split("_")).strip()
