"""Curves of a run, while it learns and after."""

import pandas as pd
import pytest

from wildcam.charts.curves import accuracy_curves, loss_curves
from wildcam.runs.store import POINT_COLUMNS


def points(*rows: tuple[str, int, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS))


EPOCHS = points(
    ("train_loss", 1, 100.0, 0.9), ("train_loss", 2, 200.0, 0.5), ("train_loss", 3, 300.0, 0.3),
    ("val_loss", 1, 100.0, 0.8), ("val_loss", 2, 200.0, 0.6), ("val_loss", 3, 300.0, 0.7),
    ("train_accuracy", 1, 100.0, 0.5), ("val_accuracy", 1, 100.0, 0.4), ("val_accuracy", 2, 200.0, 0.6),
    ("val_macro_f1", 1, 100.0, 0.2), ("learning_rate", 1, 100.0, 0.001),
)  # fmt: skip


def lines(figure) -> dict[str, tuple[list, list]]:
    return {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data if "lines" in trace.mode}


def test_losses_are_drawn_by_epoch() -> None:
    assert lines(loss_curves(EPOCHS)) == {
        "Training": ([1, 2, 3], [0.9, 0.5, 0.3]), "Validation": ([1, 2, 3], [0.8, 0.6, 0.7]),
    }  # fmt: skip


def test_accuracies_are_drawn_with_the_mean_of_the_classes() -> None:
    assert lines(accuracy_curves(EPOCHS)) == {
        "Training": ([1], [0.5]), "Validation": ([1, 2], [0.4, 0.6]), "Validation, mean F1 of classes": ([1], [0.2]),
    }  # fmt: skip


@pytest.mark.parametrize(("draw", "best"), [(loss_curves, "0.600 in epoch 2"), (accuracy_curves, "60.0% in epoch 2")])
def test_the_best_epoch_is_marked(draw, best: str) -> None:
    mark = draw(EPOCHS).data[-1]
    assert mark.name == f"Best: {best}"
    assert (list(mark.x), list(mark.y)) == ([2], [0.6])


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
