"""One concept, one word: retired words stay out of identifiers, texts, comments and documents; values are slugs.

`wildcam/glossary.toml` has the words to use. Each test lists all that it finds, so that one run is enough to mend it.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from wildcam.settings import PROJECT_DIR

PARTS = ("wildcam", "pages", "bench", "tests", "docs")
SOURCES = sorted([PROJECT_DIR / "app.py", *(path for part in PARTS for path in (PROJECT_DIR / part).rglob("*.py"))])
DOCUMENTS = sorted([*PROJECT_DIR.glob("*.md"), *(PROJECT_DIR / "docs").rglob("*.md")])
SLUG = re.compile(r"[a-z0-9_]+")
KEYS_OF_OTHER_PROGRAMS = ("photograph",)  # of `identify --json`, which other programs read
MLFLOW_NAMESPACE = "wildcam."  # MLflow keeps the tags of several programs apart by such a prefix
THIS_FILE = Path(__file__).resolve()
WORDS_OF_USERS = PROJECT_DIR / "wildcam" / "data" / "label_words.py"  # as they stand in labels

RETIRED_IN_NAMES = {
    "photograph": "image",
    "photographs": "images",
    "picture": "image",
    "pictures": "images",
    "truth": "ground_truth",
    "dealt": "subset",
    "judge": "evaluate",
    "judged": "scored",
    "judges": "evaluates",
    "judging": "evaluation",
    "sure": "confident",
    "surest": "most confident",
    "likeliest": "most probable",
    "commonest": "majority",
    "flatter": "optimistic",
    "flatters": "optimistic",
    "remedy": "imbalance_strategy",
    "remedies": "imbalance strategies",
    "soften": "scale_temperature",
    "attention": "heat map",
    "looked": "heat map, view or evaluated",
    "looks": "view",
    "touchable": "click_targets",
    "told": "say it by the thing's own name",
    "tied": "url_param",
    "glance": "overview",
    "flattering": "optimistic",
    "oftenest": "majority",
}
"""A word of an identifier, and what to write in its place."""

RETIRED_NAMES = {
    "Asked": "ImageRecord",
    "ByLocation": "LocationBootstrap",
    "Chosen": "PredictionFilter",
    "Drawn": "BootstrapEstimate",
    "Ending": "ExitRecord",
    "Found": "Findings",
    "Given": "SourceFile",
    "Lab": "StudyContext",
    "Look": "CurveOptions or ImportPreview",
    "Order": "ImportRequest",
    "Pace": "EtaEstimator",
    "PointClock": "MonotonicTimestamps",
    "Question": "Task",
    "Took": "Timings",
    "Turns": "FairLock",
    "Ways": "InferenceOptions",
    "Whole": "SourceSummary",
    "carry_out": "run_job or run_study",
    "find_rate": "lr_finder",
    "identify_many": "classify_images",
    "leaves_zero_out": "excludes_zero",
    "stand_in": "replacement",
}
"""A whole identifier, and what to write in its place."""

RETIRED_IN_PROSE = {
    r"photographs?|pictures?": "photo (image in code)",
    r"judg(?:e|es|ed|ing)": "evaluate, score",
    r"surest|least sure|how sure|this sure": "most confident, confidence",
    r"likeliest": "most likely",
    r"commonest|oftenest": "most frequent, majority",
    r"flatter(?:s|ed|ing)?": "optimistic",
    r"remed(?:y|ies)": "imbalance strategy",
    r"dealt": "assigned",
    r"(?<!ground )(?<!ground-)truth": "ground truth",
    r"looked at|look closer": "the verb of what is done: open, classify, evaluate",
    r"animals? lost|empty (?:kept|ones found)": "missed animals, retained blanks, blank recall",
    r"nobody has asked yet": "Not run yet",
    r"worth a look": "Review",
    r"in 95 of 100 draws": "95 % CI",
    r"carried out|carry out": "run",
    r"at a glance": "overview",
}
"""In texts, docstrings, comments and documents: a pattern, and what to write in its place."""


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(PROJECT_DIR)}:{line}"


def words_of(identifier: str) -> list[str]:
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", identifier)


def identifiers(path: Path) -> Iterator[tuple[int, str]]:
    """Names that the file itself gives: of functions, classes, parameters, variables, attributes; and its own."""
    yield 0, path.stem
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.keyword(arg=str(name)):
                yield node.value.lineno, name


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Strings, docstrings and comments, each with its first line."""
    source = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_retired_words_are_in_no_identifier() -> None:
    found = []
    for path in SOURCES:
        for line, name in identifiers(path):
            if name in RETIRED_NAMES:
                found.append(f"{where(path, line)} {name}: {RETIRED_NAMES[name]}")
            words = [word.lower() for word in words_of(name)]
            for before, word in zip(["", *words], words, strict=False):
                if word in RETIRED_IN_NAMES and (before, word) != ("ground", "truth"):
                    found.append(f"{where(path, line)} {name}: {RETIRED_IN_NAMES[word]}")
    assert not found, f"{len(found)} retired identifiers\n" + "\n".join(sorted(set(found)))


def test_retired_words_are_in_no_text_of_the_program() -> None:
    ours = [
        path
        for path in SOURCES
        if path not in (THIS_FILE, WORDS_OF_USERS) and path.parts[len(PROJECT_DIR.parts)] != "tests"
    ]
    found = [
        f"{where(path, line)} “{match[0]}”: {instead}"
        for path in ours
        for line, text in texts(path)
        for pattern, instead in RETIRED_IN_PROSE.items()
        for match in [re.search(rf"\b(?:{pattern})\b", " ".join(text.split()), re.IGNORECASE)]
        if match and text not in KEYS_OF_OTHER_PROGRAMS
    ]
    assert not found, f"{len(found)} retired words in texts\n" + "\n".join(sorted(set(found)))


def _line_of(match: re.Match[str]) -> int:
    return match.string[: match.start()].count("\n") + 1


def test_retired_words_are_in_no_document() -> None:
    found = []
    for path in DOCUMENTS:
        text = re.sub(r"(?<=ground)\n", " ", path.read_text(encoding="utf-8"))
        for pattern, instead in RETIRED_IN_PROSE.items():
            for match in re.finditer(rf"\b(?:{pattern})\b", text, re.IGNORECASE):
                found.append(f"{where(path, _line_of(match))} “{match[0]}”: {instead}")
    assert not found, f"{len(found)} retired words in documents\n" + "\n".join(found)


def enum_members(kind: str) -> Iterator[tuple[str, str, ast.expr]]:
    """Place, name and value of every member of the program's classes that inherit directly from `kind`."""
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == kind for base in node.bases):
                for member in node.body:
                    if isinstance(member, ast.Assign):
                        yield where(path, member.lineno), f"{node.name}.{ast.unparse(member.targets[0])}", member.value


def test_every_value_of_an_enumeration_is_a_slug() -> None:
    found = [
        f"{place} {name} = {ast.unparse(value)}: a slug is expected; use wildcam.choice.Choice for a title"
        for place, name, value in enum_members("StrEnum")
        if not (isinstance(value, ast.Constant) and SLUG.fullmatch(str(value.value).removeprefix(MLFLOW_NAMESPACE)))
    ]
    assert not found, f"{len(found)} values\n" + "\n".join(found)


def test_every_choice_has_a_slug_and_a_title() -> None:
    found = []
    for place, name, value in enum_members("Choice"):
        slug, title, *_ = [*getattr(value, "elts", []), None, None]
        has_title = isinstance(title, ast.Name) or (isinstance(title, ast.Constant) and str(title.value).strip())
        if not (isinstance(slug, ast.Constant) and SLUG.fullmatch(str(slug.value)) and has_title):
            found.append(f'{place} {name} = {ast.unparse(value)}: expected "slug", "title"')
    assert not found, f"{len(found)} choices\n" + "\n".join(found)


def test_every_literal_is_a_slug() -> None:
    found = [
        f"{where(path, node.lineno)} {ast.unparse(node)}"
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal"
        for value in ast.walk(node.slice)
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and not SLUG.fullmatch(value.value or "_")
    ]
    assert not found, "\n".join(found)


def constants_of(path: Path) -> dict[str, ast.expr]:
    """Values that the module gives names to."""
    found = {}
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign):
            found |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


def test_every_value_in_the_address_is_a_slug() -> None:
    found = []
    for path in (PROJECT_DIR / "pages").rglob("*.py"):
        constants = constants_of(path)
        for node in ast.walk(tree_of(path)):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) in ("url_param", "url_list")):
                continue
            name, *rest = node.args
            options = rest[0] if rest else ast.List([])
            while isinstance(options, ast.Name) and options.id in constants:
                options = constants[options.id]
            elements = options.keys if isinstance(options, ast.Dict) else getattr(options, "elts", [])
            values = [value.value for value in [name, *elements] if isinstance(value, ast.Constant)]
            found += [
                f"{where(path, node.lineno)} {value!r}" for value in values if not SLUG.fullmatch(str(value or "_"))
            ]
    assert not found, f"{len(found)} values in the address are no slugs\n" + "\n".join(found)


TITLE_TRICKS = ['.replace("_", " ")', ".capitalize()", ".title()", 'replace("_", " ") }', "| capitalize", "| title }"]


@pytest.mark.parametrize("trick", TITLE_TRICKS)
def test_no_title_is_made_of_an_identity(trick: str) -> None:
    found = [
        f"{where(path, number)} {line.strip()}"
        for part in ("pages", "wildcam")
        for path in sorted([*(PROJECT_DIR / part).rglob("*.py"), *(PROJECT_DIR / part).rglob("*.jinja")])
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if trick in line and "str" + ".capitalize" not in line
    ]
    assert not found, "a title comes from a table or Choice.display\n" + "\n".join(found)
