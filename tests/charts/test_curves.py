"""Curves of a run, while it learns and after."""

import pandas as pd
import pytest

from wildcam.charts.curves import (
    MOST_BATCHES,
    CurveOptions,
    accuracy_curves,
    best_epoch,
    finder_curve,
    loss_curves,
    overlay,
    rate_curve,
    speed_curve,
)
from wildcam.runs.points import POINT_COLUMNS


def points(*rows: tuple[str, int, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS))


EPOCHS = points(
    ("train_loss", 1, 100.0, 0.9),
    ("train_loss", 2, 200.0, 0.5),
    ("train_loss", 3, 300.0, 0.3),
    ("val_loss", 1, 100.0, 0.8),
    ("val_loss", 2, 200.0, 0.6),
    ("val_loss", 3, 300.0, 0.7),
    ("train_accuracy", 1, 100.0, 0.5),
    ("val_accuracy", 1, 100.0, 0.4),
    ("val_accuracy", 2, 200.0, 0.6),
    ("val_macro_f1", 1, 100.0, 0.2),
    ("learning_rate", 1, 100.0, 0.001),
)


def lines(figure) -> dict[str, tuple[list, list]]:
    return {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data if "lines" in trace.mode}


def test_losses_are_drawn_by_epoch() -> None:
    assert lines(loss_curves(EPOCHS)) == {
        "Training": ([1, 2, 3], [0.9, 0.5, 0.3]),
        "Validation": ([1, 2, 3], [0.8, 0.6, 0.7]),
    }


def test_accuracies_are_drawn_with_macro_f1() -> None:
    assert lines(accuracy_curves(EPOCHS)) == {
        "Training": ([1], [0.5]),
        "Validation": ([1, 2], [0.4, 0.6]),
        "Validation, macro-F1": ([1], [0.2]),
    }


@pytest.mark.parametrize(("draw", "value", "words"), [(loss_curves, 0.6, "0.600"), (accuracy_curves, 0.6, "60.0%")])
def test_the_best_epoch_by_the_run_s_own_monitor_is_marked(draw, value: float, words: str) -> None:
    mark = draw(EPOCHS).data[-1]
    assert mark.name == f"Best epoch: 2 ({words})"
    assert (list(mark.x), list(mark.y)) == ([2], [value])
    by_macro_f1 = draw(EPOCHS, CurveOptions(monitor="val_macro_f1")).data[-1]
    assert list(by_macro_f1.x) == [1]


def test_the_best_epoch_is_the_earliest_of_equals_and_the_least_of_losses() -> None:
    assert best_epoch(EPOCHS, "val_loss") == 2
    equal = points(("val_accuracy", 1, 1.0, 0.5), ("val_accuracy", 2, 2.0, 0.5), ("val_accuracy", 3, 3.0, float("nan")))
    assert best_epoch(equal, "val_accuracy") == 1
    assert best_epoch(EPOCHS.head(0), "val_accuracy") is None


def test_training_without_its_random_changes_is_a_third_line() -> None:
    figure = loss_curves(pd.concat([EPOCHS, points(("train_clean_loss", 1, 100.0, 0.85))]))
    assert lines(figure)["Training, without augmentation and dropout"] == ([1], [0.85])


def test_many_batches_are_thinned_with_their_ends_and_epochs_never() -> None:
    batches = points(*[("step_loss", step, 0.01 * step, float(step)) for step in range(1, 10_001)])
    epochs = points(*[("train_loss", step, 200.0 + step, 1.0) for step in range(1, 2001)])
    drawn = lines(loss_curves(pd.concat([batches, epochs])))
    x, y = drawn["Training, batch by batch"]
    assert len(y) == MOST_BATCHES
    assert (y[0], y[-1]) == (1.0, 10_000.0)
    assert len(drawn["Training"][0]) == 2000


def test_smoothing_moves_batches_and_not_epochs() -> None:
    batches = points(*[("step_loss", step, float(step), float(step % 2)) for step in range(1, 100)])
    plain, smooth = (loss_curves(pd.concat([EPOCHS, batches]), CurveOptions(smoothing=share)) for share in (0.0, 0.9))
    assert max(lines(smooth)["Training, batch by batch"][1][50:]) < 0.7
    assert max(lines(plain)["Training, batch by batch"][1]) == 1.0
    assert lines(plain)["Validation"] == lines(smooth)["Validation"]


def test_losses_can_have_a_logarithmic_axis() -> None:
    assert loss_curves(EPOCHS, CurveOptions(log=True)).layout.yaxis.type == "log"


def test_runs_are_laid_over_each_other_by_name() -> None:
    figure = overlay({"one": EPOCHS, "two": EPOCHS[EPOCHS["step"] < 3]}, "val_loss", "Validation loss")
    assert lines(figure) == {"one": ([1, 2, 3], [0.8, 0.6, 0.7]), "two": ([1, 2], [0.8, 0.6])}


def test_the_rate_finder_draws_its_losses_over_the_rates_with_the_suggestion() -> None:
    found = points(
        *[
            (name, step, 1.0, value)
            for step in (1, 2)
            for name, value in (
                ("finder_learning_rate", 10.0**-step),
                ("finder_raw_loss", 2.0 + step),
                ("finder_loss", 2.0 * step),
            )
        ]
    )
    figure = finder_curve(found, 0.05)
    assert lines(figure) == {"Each batch": ([0.1, 0.01], [3.0, 4.0]), "Smoothed": ([0.1, 0.01], [2.0, 4.0])}
    assert figure.layout.shapes[0].x0 == 0.05
    assert not finder_curve(found, None).layout.shapes


def test_rate_and_speed_are_drawn_by_batch() -> None:
    rows = points(("step_learning_rate", 1, 1.0, 0.1), ("images_per_second", 1, 1.0, 20.0))
    assert lines(rate_curve(rows)) == {"Learning rate": ([1], [0.1])}
    assert rate_curve(rows).layout.yaxis.range == pytest.approx((0, 0.11))
    assert lines(speed_curve(rows)) == {"Photos per second": ([1], [20.0])}


def test_batches_show_before_the_first_epoch_ends() -> None:
    figure = loss_curves(points(("step_loss", 1, 1.0, 2.0), ("step_loss", 9, 3.0, 1.5)))
    assert lines(figure) == {"Training, batch by batch": ([1, 9], [2.0, 1.5])}
    assert figure.layout.xaxis.title.text == "Batch of the first epoch"


def test_batches_lie_within_their_epochs() -> None:
    batches = points(*[("step_loss", step, 10.0 * step, 1.0) for step in (5, 10, 15, 20, 25, 30, 35)])
    x, _ = lines(loss_curves(pd.concat([EPOCHS, batches])))["Training, batch by batch"]
    assert x == pytest.approx([0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5])


def test_a_zoom_survives_new_points_but_not_another_axis() -> None:
    fewer = loss_curves(EPOCHS[EPOCHS["step"] < 3])
    assert loss_curves(EPOCHS).layout.uirevision == fewer.layout.uirevision
    assert loss_curves(EPOCHS).layout.uirevision != loss_curves(EPOCHS.head(0)).layout.uirevision


@pytest.mark.parametrize("draw", [loss_curves, accuracy_curves])
def test_a_run_without_points_gives_an_empty_figure(draw) -> None:
    assert not draw(EPOCHS.head(0)).data
