"""Facts as tags of the run; a long one lies in a file of the run's folder, and its tag names that file."""

from collections.abc import Mapping
from pathlib import Path

from wildcam import atomic
from wildcam.runs.facts import RunFacts, facts_type
from wildcam.runs.states import Kind
from wildcam.runs.tags import FACT_PREFIX, named

LONGEST_FACT = 5_000  # characters of a tag; MLflow would cut at 8,000
_IN_FILE = "file:"


def write_facts(facts: RunFacts, folder: Path) -> dict[str, str]:
    """The tags of those fields that were given, by their names; what is too long for a tag is written to `folder`."""
    return {f"{FACT_PREFIX}{name}": _kept(name, text, folder) for name, text in facts.to_tags().items()}


def read_facts(kind: Kind, tags: Mapping[str, str], folder: Path) -> RunFacts:
    """What a run's tags say; a fact whose file is gone or damaged is unknown."""
    texts = {name: _found(text, folder) for name, text in named(tags, FACT_PREFIX).items()}
    return facts_type(kind).from_tags(texts)


def _kept(name: str, text: str, folder: Path) -> str:
    if len(text) <= LONGEST_FACT:
        return text
    path = Path("facts") / name
    atomic.write_bytes(folder / path, text.encode())
    return f"{_IN_FILE}{path}"


def _found(text: str, folder: Path) -> str:
    if not text.startswith(_IN_FILE):
        return text
    try:
        return (folder / text.removeprefix(_IN_FILE)).read_text()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
