"""An evaluation as files to hand on: one HTML page that opens offline, and a model card (Mitchell et al. 2019, arXiv:1810.03993)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wildcam.charts.confusion import confusion_map
from wildcam.charts.empty_filter import filter_costs
from wildcam.charts.outcomes import outcomes
from wildcam.charts.reliability import reliability
from wildcam.evaluation.bootstrap import ConfidenceInterval
from wildcam.evaluation.empty_filter import empty_filter
from wildcam.evaluation.end_to_end import by_class, by_location, calibration_error, confusions, count_confusions
from wildcam.evaluation.published import published
from wildcam.evaluation.summary import Summary
from wildcam.serving.card import ModelCard

MOST_ROWS = 30
"""Of a long table in the report; the rest is counted."""


def report_html(summary: Summary, scored: pd.DataFrame) -> str:
    """The whole page, charts and their library included (some 5 MB)."""
    _, bins = calibration_error(scored)
    found = empty_filter(scored)
    charts = {
        "Where the errors come from": outcomes(summary.scores.outcomes),
        "What is taken for what": confusion_map(count_confusions(scored)),
        "Whether confidence means what it says": reliability(bins),
    } | ({"What the empty filter costs and saves": filter_costs(found.costs)} if found else {})
    tables = {
        "Classes": by_class(scored).drop(columns="band"),
        "The commonest mistakes": confusions(scored),
        "Cameras, the worst first": by_location(scored),
        "Published figures": published(),
    }
    return _render(
        "report.html.jinja",
        summary=summary,
        charts=_drawn(charts),
        made=datetime.now(UTC),
        tables={title: _table(table) for title, table in tables.items()},
    )


def model_card(summary: Summary, cards: Sequence[ModelCard]) -> str:
    """Markdown: what the models are, what they learned from, how they were judged, how well they did, what they are not for."""
    return _render("model_card.md.jinja", summary=summary, cards=cards, made=datetime.now(UTC))


def _render(template: str, **values: Any) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=template.endswith(".html.jinja"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"range": _range, "percent": _percent}
    return environment.get_template(template).render(**values)


def _drawn(charts: dict[str, go.Figure]) -> dict[str, str]:
    """Each as HTML; the first one brings the library."""
    return {
        title: figure.update_layout(template="plotly_white").to_html(
            full_html=False, include_plotlyjs=number == 0, config={"displayModeBar": False}
        )
        for number, (title, figure) in enumerate(charts.items())
    }


def _table(table: pd.DataFrame) -> str:
    shown = table.head(MOST_ROWS).to_html(index=False, border=0, float_format="{:.3f}".format, na_rep="–")
    left = len(table) - MOST_ROWS
    return shown + (f"<p>… and {left:,} more</p>" if left > 0 else "")


def _range(interval: ConfidenceInterval) -> str:
    return f"{interval.value:.3f} ({interval.low:.3f} to {interval.high:.3f})"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
