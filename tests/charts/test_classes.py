"""Bars of classes: the right lengths, the right groups, names as they are."""

import numpy as np
import pandas as pd
import pytest

from wildcam.charts.classes import LABEL, class_bars, cumulative_share, rank_sizes


@pytest.fixture
def classes() -> pd.DataFrame:
    sizes = [500, 300, 40, 9, 1]
    return pd.DataFrame(
        {
            "label": ["empty", "fox", "<b>owl</b>", "motorcycle", "a very long name of a very rare species"],
            "role": ["empty", "animal", "animal", "other", "animal"],
            "band": ["head", "head", "middle", "tail", "tail"],
            "images": sizes,
            "share": np.array(sizes) / sum(sizes),
        }
    )


def test_every_class_has_one_bar_in_the_colour_of_its_group(classes: pd.DataFrame) -> None:
    bars = {bar.name.split(":")[0]: (list(bar.y), list(bar.x)) for bar in class_bars(classes).data}
    assert bars == {
        "Empty": ([0], [500]),
        "Head": ([1], [300]),
        "Middle": ([2], [40]),
        "Other": ([3], [9]),
        "Tail": ([4], [1]),
    }
    assert len({bar.marker.color for bar in class_bars(classes).data}) == 5


def test_names_are_escaped_and_cut_on_the_axis_and_whole_on_hover(classes: pd.DataFrame) -> None:
    figure = class_bars(classes)
    assert figure.layout.yaxis.ticktext[2] == "&lt;b&gt;owl&lt;/b&gt;"
    assert figure.layout.yaxis.ticktext[4].endswith("…")
    assert figure.data[2].customdata[0][0] == "a very long name of a very rare species"


def test_the_largest_class_is_on_top(classes: pd.DataFrame) -> None:
    bottom, top = class_bars(classes).layout.yaxis.range
    assert bottom > top


@pytest.mark.parametrize("draw", [class_bars, rank_sizes])
def test_a_class_of_one_image_is_seen_on_the_logarithmic_scale(draw, classes: pd.DataFrame) -> None:
    figure = draw(classes, log=True)
    axis = figure.layout.xaxis if draw is class_bars else figure.layout.yaxis
    assert axis.type == "log"
    assert axis.range[0] < np.log10(1)
    assert axis.range[1] > np.log10(500)


def test_ranks_go_from_the_largest_class_to_the_smallest(classes: pd.DataFrame) -> None:
    points = sorted((x, y) for bar in rank_sizes(classes).data for x, y in zip(bar.x, bar.y, strict=True))
    assert points == [(1, 500), (2, 300), (3, 40), (4, 9), (5, 1)]


def test_bounds_of_head_and_tail_are_named_as_they_were_moved(classes: pd.DataFrame) -> None:
    names = [bar.name for bar in class_bars(classes, bounds=(2000, 5)).data]
    assert names[:3] == ["Head: over 2,000 photos", "Middle: 5 to 2,000", "Tail: under 5"]


def test_a_bar_knows_its_label_as_it_is(classes: pd.DataFrame) -> None:
    labels = {mark[LABEL] for bar in class_bars(classes).data for mark in bar.customdata}
    assert labels == set(classes["label"])


def test_what_the_largest_hold_together_grows_to_all(classes: pd.DataFrame) -> None:
    line = cumulative_share(classes.assign(cumulative_share=classes["share"].cumsum())).data[0]
    assert list(line.x) == [1, 2, 3, 4, 5]
    assert line.y[0] == 500 / 850
    assert line.y[-1] == 1
