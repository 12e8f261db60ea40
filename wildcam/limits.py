"""The least and the most that a number field of a typed model takes, as an input on a page wants them."""

from typing import Any

import annotated_types
from pydantic.fields import FieldInfo


def limits_of(info: FieldInfo) -> tuple[Any, Any]:
    """Least and most in the field's own type, None for none; the model itself refuses the value of an open limit."""
    kind: Any = info.annotation
    least: Any = None
    most: Any = None
    for rule in info.metadata:
        match rule:
            case annotated_types.Ge(ge=value) | annotated_types.Gt(gt=value):
                least = kind(value)
            case annotated_types.Le(le=value) | annotated_types.Lt(lt=value):
                most = kind(value)
    return least, most
