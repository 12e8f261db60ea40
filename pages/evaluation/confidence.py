"""Against the truth: whether confidence means what it says."""

from pages.evaluation.evaluated import Evaluated, draw_figure
from pages.widgets.chart import draw_chart
from wildcam.charts.reliability import reliability
from wildcam.evaluation.end_to_end import calibration_error


def draw_confidence(evaluated: Evaluated) -> None:
    error, bins = calibration_error(evaluated.scored)
    draw_figure("Expected calibration error", error, help="Mean distance of confidence and accuracy; 0 is honest.")
    draw_chart(reliability(bins), bins, key="truth_reliability", name=evaluated.file("reliability"))
