"""The glossary: every term in one line, from `glossary.toml`, for the page Glossary, help icons and the documents."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from wildcam.errors import one_of


class Term(BaseModel):
    """One term; `text` and `title` are Markdown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    text: str
    formula: str = ""
    source: str = ""


class TermGroup(BaseModel):
    """Terms of one subject, by their slugs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    terms: Mapping[str, Term]


@cache
def load_glossary() -> tuple[TermGroup, ...]:
    """Every group, in the order in which they are read."""
    content = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(TermGroup.model_validate(group) for group in content.values())


def find_term(slug: str) -> Term:
    """The term of that slug. Raises `UsageError` listing the known ones."""
    terms = {slug: term for group in load_glossary() for slug, term in group.terms.items()}
    if slug not in terms:
        raise one_of("term", slug, list(terms))
    return terms[slug]
