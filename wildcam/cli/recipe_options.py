"""The recipe's fields as options of a command: names, types and help come from the recipe itself."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from wildcam.training.recipe import Recipe

NAMED_APART = ("dataset", "preset")


def recipe_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for every field of the recipe; those that are used arrive as `**changes`."""
    own = [p for p in inspect.signature(command).parameters.values() if p.kind is not p.VAR_KEYWORD]
    names = [name for name in Recipe.model_fields if name not in NAMED_APART]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_option(name))
        for name in names
    ]

    @wraps(command)
    def with_options(**values: Any) -> None:
        changes = {name: values.pop(name) for name in names}
        command(**values, **{name: value for name, value in changes.items() if value is not None})

    keyword_only = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    with_options.__signature__ = inspect.Signature([*keyword_only, *options])  # type: ignore[attr-defined]
    with_options.__annotations__ = {p.name: p.annotation for p in (*keyword_only, *options)}
    return with_options


def _option(name: str) -> Any:
    field = Recipe.model_fields[name]
    flag = "--" + name.replace("_", "-")
    if field.annotation is bool:
        flag += f"/--no-{flag[2:]}"
    return Annotated[field.annotation | None, typer.Option(flag, help=field.description, show_default=False)]  # type: ignore[operator]
