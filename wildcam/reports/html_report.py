"""An evaluation as one HTML page that opens offline."""

from datetime import UTC, datetime

import pandas as pd
import plotly.graph_objects as go

from wildcam.charts.confusion import confusion_matrix
from wildcam.charts.empty_filter import filter_costs
from wildcam.charts.outcomes import outcomes
from wildcam.charts.reliability import reliability
from wildcam.evaluation.empty_filter import empty_filter
from wildcam.evaluation.end_to_end import by_class, by_location, calibration_error, confusions, count_confusions
from wildcam.evaluation.published import published
from wildcam.evaluation.summary import Summary
from wildcam.reports.templates import render

MOST_ROWS = 30
"""Of a long table in the report; the rest is counted."""

TITLES = {
    "label": "class",
    "ground_truth": "ground truth",
    "images": "photos",
    "f1": "F1",
    "missed_animals": "missed animals",
}
"""Of columns whose names are not words."""


def html_report(summary: Summary, scored: pd.DataFrame) -> str:
    """The whole page, charts and their library included (some 5 MB)."""
    _, bins = calibration_error(scored)
    found = empty_filter(scored)
    unit = summary.unit.plural
    counts = {outcome.display: count for outcome, count in summary.scores.outcomes.items()}
    charts = {
        "Answers and errors": outcomes(counts, unit=unit),
        "Confusion matrix": confusion_matrix(count_confusions(scored)),
        "Calibration": reliability(bins),
    } | ({"Empty filter": filter_costs(found.costs)} if found else {})
    locations = by_location(scored)
    tables = {
        "Classes": _table(by_class(scored).drop(columns="band"), unit),
        "Most frequent errors": _table(confusions(scored).rename(columns={"label": "prediction"}), unit),
        "Locations, least accurate first": _table(
            locations.assign(location=locations["location"].replace("", "no location")), unit
        ),
        "Published figures": _table(published(), "photos"),
    }
    return render(
        "report.html.jinja",
        summary=summary,
        charts=_drawn(charts),
        made=datetime.now(UTC),
        tables=tables,
    )


def _drawn(charts: dict[str, go.Figure]) -> dict[str, str]:
    """Each as HTML; the first one brings the library."""
    return {
        title: figure.update_layout(template="plotly_white").to_html(
            full_html=False, include_plotlyjs=number == 0, config={"displayModeBar": False}
        )
        for number, (title, figure) in enumerate(charts.items())
    }


def _table(table: pd.DataFrame, unit: str) -> str:
    titled = table.head(MOST_ROWS).rename(columns=TITLES | {"images": unit})
    drawn = titled.to_html(index=False, border=0, float_format="{:.3f}".format, na_rep="–")
    left = len(table) - MOST_ROWS
    return drawn + (f"<p>… and {left:,} more</p>" if left > 0 else "")
