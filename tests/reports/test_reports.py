"""The HTML report and the model card."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from wildcam.architectures.presets import Task
from wildcam.evaluation.end_to_end import by_band, by_class, end_to_end
from wildcam.evaluation.ground_truth import SCORED_COLUMNS, outcome
from wildcam.evaluation.summary import BandScores, LocationGap, Summary, Unit
from wildcam.reports.html_report import html_report
from wildcam.reports.model_card import model_card
from wildcam.serving.card import ModelCard


@pytest.fixture
def scored() -> pd.DataFrame:
    """Three foxes and an empty image at two locations, and 57 deer without a location, all taken for foxes."""
    rows = [("n", "fox", "fox"), ("n", "fox", "fox"), ("s", "fox", "fox"), ("s", "empty", "empty")]
    rows += [("", "deer", "fox")] * 57
    table = pd.DataFrame(rows, columns=["location", "ground_truth", "label"])
    table["outcome"] = list(map(outcome, table["ground_truth"], table["label"]))
    usual = {"sequence_id": "", "taken_at": pd.NaT, "confidence": 0.8, "agreement": 4, "views": 4, "p_empty": 0.1}
    usual |= {"camera": "", "utc_offset": pd.NA, "second_species": ""}
    numbers = table.index.astype(str)
    table = table.assign(**usual, image_id=numbers, path=numbers + ".jpg", top_probabilities=None, top_labels=None)
    table["top_labels"] = [np.array(["fox", "deer"], object)] * len(table)
    return table[list(SCORED_COLUMNS)]


@pytest.fixture
def summary(scored: pd.DataFrame) -> Summary:
    band = by_band(by_class(scored)).to_dict("records")
    return Summary(
        models="<b>one</b> + two",
        task=Task.ALL,
        dataset="park",
        subset="test",
        split="location",
        unit=Unit.IMAGE,
        views=4,
        aggregation="majority_vote",
        scores=end_to_end(scored),
        bands=tuple(BandScores(**row) for row in band),
        light=(),
        calibration_error=0.1,
        empty_filter=None,
        location_gaps=(LocationGap(model="one", score="macro_f1", id_val=0.9, val=0.7, difference=0.2),),
        leakage="",
        comparable="Not comparable.",
    )


def test_the_report_is_one_page_that_needs_nothing_else(summary: Summary, scored: pd.DataFrame) -> None:
    page = html_report(summary, scored)
    assert "&lt;b&gt;one&lt;/b&gt; + two" in page
    assert "<b>one</b>" not in page
    assert page.count("Plotly.newPlot(") >= 4
    assert 'src="http' not in page
    assert f"{summary.scores.accuracy.value:.3f} (95 % CI " in page


def test_report_and_card_say_which_photos_have_no_location(summary: Summary, scored: pd.DataFrame) -> None:
    text = "61 photos of 2 locations, plus 57 photos without one, treated as one location in the intervals"
    assert text in html_report(summary, scored)
    assert "no location" in html_report(summary, scored)
    assert text in model_card(summary, ())


def test_the_card_has_every_score_and_names_what_is_out_of_scope(
    summary: Summary, make_card: Callable[..., ModelCard]
) -> None:
    cards = (make_card(Task.EMPTY, is_demo=True), make_card(Task.SPECIES))
    text = model_card(summary, cards)
    assert f"| accuracy | {summary.scores.accuracy.value:.3f} (95 % CI " in text
    assert "| baseline accuracy: always deer | 93.4% |" in text
    assert "| one, Macro-F1: known minus new locations | +0.200 |" in text
    assert "a demo model was trained on drawn animals only" in text
    assert "a demo model" not in model_card(summary, cards[1:])
    assert all(line.count("|") == 3 for line in text.splitlines() if line.startswith("|"))
