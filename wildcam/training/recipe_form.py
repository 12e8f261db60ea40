"""The recipe as a form: the label, limits and choices of each field, taken from the recipe's own fields."""

from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from wildcam.architectures.presets import Preset
from wildcam.choice import Choice
from wildcam.limits import limits_of
from wildcam.training.recipe import fields_of


@dataclass(frozen=True)
class FormField:
    """One input. `choices` are empty where any value may be entered; `least` and `most` are of numbers with limits."""

    name: str
    label: str
    help: str
    group: str
    kind: type
    default: Any
    choices: tuple[Choice, ...] = ()
    least: Any = None
    most: Any = None

    @property
    def is_small(self) -> bool:
        """A number whose values are thousandths and less, as learning rates are."""
        return self.kind is float and ("rate" in self.name and self.name != "lr_factor")


def form_fields(preset: Preset) -> list[FormField]:
    """The fields that the preset uses, in the recipe's order, with the preset's values as defaults."""
    return [_form_field(name, info, preset) for name, info in fields_of(preset.name).items()]


def _form_field(name: str, info: FieldInfo, preset: Preset) -> FormField:
    extra: dict[str, Any] = dict(info.json_schema_extra or {})  # type: ignore[arg-type]
    kind: Any = info.annotation
    default = kind(preset.defaults.get(name, info.default))
    least, most = limits_of(info)
    return FormField(
        name=name,
        label=f"{info.title} ({extra['unit']})" if extra["unit"] else str(info.title),
        help=str(info.description),
        group=extra["group"],
        kind=kind,
        default=default,
        choices=_choices(name, kind, preset),
        least=least,
        most=most,
    )


def _choices(name: str, kind: Any, preset: Preset) -> tuple[Choice, ...]:
    if name == "task":
        return preset.tasks
    return tuple(kind) if issubclass(kind, Choice) else ()
