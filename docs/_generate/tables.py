"""Reference tables of fields, presets, settings and terms, as Markdown."""

from collections.abc import Iterable
from enum import Enum
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from wildcam.architectures.presets import PRESETS
from wildcam.glossary import load_glossary
from wildcam.limits import limits_of
from wildcam.settings import PROJECT_DIR, Settings
from wildcam.training.recipe import Recipe


def recipe_page() -> str:
    """Every field of a training run's recipe, by group."""
    fields = [(name, info, dict(info.json_schema_extra or {})) for name, info in Recipe.model_fields.items()]  # type: ignore[arg-type]
    fields.sort(key=lambda field: _first_of_group(field[2]["group"]))
    text = [
        "# Recipe\n",
        "Every field of a training run. On the page Train each is an input, on the command line an option: "
        "`batch_size` is `--batch-size`. A [preset](presets.md) brings its own values; the defaults below are those of "
        "a recipe without one. This page is generated from `wildcam.training.recipe.Recipe`.\n",
    ]
    for group, members in groupby(fields, key=lambda field: field[2]["group"]):
        rows = [
            (f"`{name}`", info.title, _default(info.default), _range(info, extra["unit"]), info.description)
            for name, info, extra in members
        ]
        text += [f"## {group}\n", _table(("field", "title", "default", "values", "meaning"), rows)]
    return "\n".join(text)


def presets_page() -> str:
    """Every preset with what it is and what was reported of it."""
    text = ["# Presets\n", "Named recipes that a run starts from. This page is generated from the table of presets.\n"]
    for preset in PRESETS.values():
        values = ", ".join(f"`{name}` {_default(value)}" for name, value in preset.defaults.items())
        text += [
            f"## {preset.name}\n",
            f"**{preset.title}** ({preset.framework}; tasks {', '.join(f'`{task}`' for task in preset.tasks)})\n",
            f"{preset.description}\n",
            f"Choose it {preset.when}.\n",
            f"Reported: {preset.reported}\n",
            f"Values: {values}\n",
        ]
    return "\n".join(text)


def settings_page() -> str:
    """Every environment variable."""
    rows = [
        (f"`WILDCAM_{name.upper()}`", _default(info.default), info.description)
        for name, info in Settings.model_fields.items()
    ]
    return (
        "# Settings\n\nEnvironment variables, read when a process starts. Defaults are for a clone of the repository; "
        "an installed package without it uses `~/.wildcam`. This page is generated from "
        "`wildcam.settings.Settings`.\n\n" + _table(("variable", "default", "meaning"), rows)
    )


def glossary_page() -> str:
    """Every term, by subject; the link to one is `glossary.md#SLUG`."""
    text = ["# Glossary\n", "The same lines as on the page *Glossary* of the app.\n"]
    for group in load_glossary():
        text.append(f"## {group.title}\n")
        for slug, term in group.terms.items():
            formula = f" `{term.formula}`" if term.formula else ""
            source = f" *({term.source})*" if term.source else ""
            text.append(f"### {term.title} {{ #{slug} }}\n\n{term.text}{formula}{source}\n")
    return "\n".join(text)


def _first_of_group(group: Any) -> int:
    groups = [dict(info.json_schema_extra or {}).get("group") for info in Recipe.model_fields.values()]  # type: ignore[arg-type]
    return groups.index(group)


def _range(info: FieldInfo, unit: Any) -> str:
    kind = info.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(f"`{member.value}`" for member in kind)
    if kind is bool:
        return "yes, no"
    if kind is str:
        return "text"
    least, most = limits_of(info)
    bounds = [f"from {least:g}" if least is not None else "", f"to {most:g}" if most is not None else ""]
    return " ".join(filter(None, [*bounds, str(unit)]))


def _default(value: Any) -> str:
    if isinstance(value, Enum):
        return f"`{value.value}`"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Path):
        return f"`{value.relative_to(PROJECT_DIR)}/`" if value.is_relative_to(PROJECT_DIR) else f"`{value}`"
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:g}"
    return f"`{value}`" if isinstance(value, str) and value else "–"


def _table(header: tuple[str, ...], rows: Iterable[tuple[str | None, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return (
        "\n".join("| " + " | ".join((cell or "").replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
    )
