"""How reports are rendered from the templates beside this file."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wildcam.counting import counted
from wildcam.evaluation.bootstrap import ConfidenceInterval
from wildcam.markdown import inline
from wildcam.serving.card import METRIC_TITLES
from wildcam.serving.two_stage import Aggregation

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
    environment.filters |= {
        "counted": counted,
        "inline": inline,
        "interval": _interval,
        "percent": _percent,
        "aggregation": _aggregation,
        "metric": METRIC_TITLES.__getitem__,
    }
    return environment.get_template(template).render(**values)


def _interval(interval: ConfidenceInterval) -> str:
    return f"{interval.value:.3f} (95 % CI {interval.low:.3f} to {interval.high:.3f})"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _aggregation(slug: str) -> str:
    """Predictions that another program wrote do not say it: `exports.load` calls that unknown."""
    return Aggregation(slug).display if slug in set(Aggregation) else slug
