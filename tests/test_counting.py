"""Counts agree with their nouns, everywhere that users read them."""

import ast
import re
from collections.abc import Iterator

import pytest

from wildcam.counting import counted
from wildcam.settings import PROJECT_DIR

COUNTED = (
    "boxes|bursts|characters|classes|columns|cores|epochs|files|images|labels|locations|pairs|photos|predictions|rows|"
    "runs|trainings|values|views|votes"
)
"""Nouns that the program counts; an adjective or two may stand before them."""

FRACTION = re.compile(r"\.\d+f\W*$")
VERB_OR_PREPOSITION = r"(?:gives|has|have|holds|is|neither|of|or)\b"
AFTER_A_COUNT = re.compile(rf" (?:(?!{VERB_OR_PREPOSITION})[a-z-]+ ){{0,2}}(?:{COUNTED})\b")
IN_A_TEMPLATE = re.compile(rf"(?:(?<!percent) \}}\}}|%\{{[^}}]*:,\}}){AFTER_A_COUNT.pattern}")
NO_COUNT = {"name", "what"}
"""Variables in front of such a noun that hold words."""


@pytest.mark.parametrize(
    ("count", "nouns", "expected"),
    [
        (0, ("photo",), "0 photos"),
        (1, ("photo",), "1 photo"),
        (2000, ("photo",), "2,000 photos"),
        (1, ("class", "classes"), "1 class"),
        (12, ("class", "classes"), "12 classes"),
        (2, ("batch",), "2 batches"),
        (1, ("burst is", "bursts are"), "1 burst is"),
    ],
)
def test_one_is_singular_and_everything_else_plural(count, nouns, expected):
    assert counted(count, *nouns) == expected


def sources(pattern: str) -> Iterator[tuple[str, str]]:
    for part in ("pages", "wildcam"):
        for path in sorted((PROJECT_DIR / part).rglob(pattern)):
            yield str(path.relative_to(PROJECT_DIR)), path.read_text(encoding="utf-8")


def plurals_after_a_value(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of f-strings in which a value that may be 1 precedes a plural; constants are none."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, text in zip(node.values, node.values[1:], strict=False):
            if not (isinstance(value, ast.FormattedValue) and isinstance(text, ast.Constant)):
                continue
            written = ast.unparse(value.value)
            never_one = written.isupper() or written in NO_COUNT or FRACTION.search(ast.unparse(value))
            if not never_one and (found := AFTER_A_COUNT.match(text.value)):
                yield value.lineno, f"{{{written}}}{found[0]}"


def test_no_sentence_has_a_plural_after_a_bare_number():
    found = [
        f"{path}:{line} {text}" for path, source in sources("*.py") for line, text in plurals_after_a_value(source)
    ]
    assert not found, "write it with wildcam.counting.counted\n" + "\n".join(found)


def test_no_template_and_no_hover_has_a_plural_after_a_bare_number():
    found = [
        f"{path} {match[0]}"
        for pattern in ("*.jinja", "charts/*.py")
        for path, source in sources(pattern)
        for match in IN_A_TEMPLATE.finditer(source)
    ]
    assert not found, "write it with `counted`, or as “photos: 12”\n" + "\n".join(found)


def test_the_scan_finds_what_it_is_for():
    assert [line for line, _ in plurals_after_a_value('f"{count:,} training photos of {MOST} views"')] == [1]
    assert IN_A_TEMPLATE.search("{{ card.classes | length }} classes")
    assert IN_A_TEMPLATE.search("%{x:,} photos<extra></extra>")
