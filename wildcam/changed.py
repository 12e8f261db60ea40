"""Copies of frozen models with other values, checked as new ones are; pydantic's own `model_copy` checks nothing."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from wildcam.errors import UsageError, one_of

Model = TypeVar("Model", bound=BaseModel)


def changed(model: Model, **changes: Any) -> Model:
    """The same with some fields changed. Raises `UsageError` for an unknown field or a value that does not fit."""
    fields = type(model).model_fields
    for name in changes:
        if name not in fields:
            raise one_of(f"field of {type(model).__name__}", name, list(fields))
    try:
        return type(model).model_validate({**{name: getattr(model, name) for name in fields}, **changes})
    except ValidationError as error:
        raise UsageError.of(error) from error
