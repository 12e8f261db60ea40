import re
from pathlib import Path

import pytest

from wildcam.errors import UsageError
from wildcam.glossary import find_term, load_glossary
from wildcam.settings import PROJECT_DIR

SLUGS = [slug for group in load_glossary() for slug in group.terms]


def test_slugs_and_titles_are_unique() -> None:
    titles = [find_term(slug).title for slug in SLUGS]
    assert len(set(SLUGS)) == len(SLUGS)
    assert len(set(titles)) == len(titles)
    assert all(re.fullmatch("[a-z0-9_]+", slug) for slug in SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_term_is_one_sentence_or_two_on_one_line(slug: str) -> None:
    term = find_term(slug)
    assert term.text.endswith(".")
    assert "\n" not in term.text
    assert len(term.text) < 200


def test_an_unknown_term_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="macro_f1"):
        find_term("nothing")


def _links(folder: Path, pattern: str) -> set[str]:
    return {slug for path in folder.rglob("*.py") for slug in re.findall(pattern, path.read_text())}


def test_every_link_of_a_page_leads_to_a_term() -> None:
    assert _links(PROJECT_DIR / "pages", r'glossary_(?:help|link)\(\s*["\'](\w+)["\']') <= set(SLUGS)
