"""How reports are rendered from the templates beside this file."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wildcam.evaluation.bootstrap import ConfidenceInterval

FOLDER = Path(__file__).parent / "templates"


def render(template: str, **values: Any) -> str:
    """Fill in a template by its file name; text is escaped in those that are HTML."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=template.endswith(".html.jinja"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"interval": _interval, "percent": _percent}
    return environment.get_template(template).render(**values)


def _interval(interval: ConfidenceInterval) -> str:
    return f"{interval.value:.3f} (95 % CI {interval.low:.3f} to {interval.high:.3f})"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
