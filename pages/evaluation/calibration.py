"""Evaluation: calibration."""

from pages.evaluation.evaluated import Evaluated, draw_score
from pages.widgets.chart import draw_chart
from pages.widgets.glossary import glossary_help
from wildcam.charts.reliability import reliability
from wildcam.evaluation.end_to_end import calibration_error


def draw_calibration(evaluated: Evaluated) -> None:
    error, bins = calibration_error(evaluated.scored)
    draw_score("Expected calibration error", error, help=glossary_help("calibration_error"))
    draw_chart(reliability(bins), bins, key="evaluation_reliability", name=evaluated.file("reliability"))
