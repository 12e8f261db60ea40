import math

import pytest

from wildcam.monitor import BestEpoch, Monitor

NAN = math.nan


@pytest.mark.parametrize(
    ("monitor", "values", "epoch", "value"),
    [
        (Monitor.ACCURACY, [0.5, 0.7, 0.6, 0.7], 2, 0.7),  # the earliest of equals
        (Monitor.LOSS, [0.5, 0.7, 0.4, 0.6], 3, 0.4),
        (Monitor.LOSS, [NAN, 0.9, NAN, 1.0], 2, 0.9),
        (Monitor.MACRO_F1, [0.0, 0.0], 1, 0.0),
    ],
)
def test_the_best_epoch_is_the_earliest_with_the_best_number(monitor, values, epoch, value):
    best = BestEpoch(monitor)
    for number, given in enumerate(values, start=1):
        best.consider(number, given)
    assert (best.epoch, best.value) == (epoch, value)


def test_a_run_without_any_number_keeps_its_first_epoch():
    best = BestEpoch(Monitor.LOSS)
    for number in (1, 2):
        best.consider(number, NAN)
    assert best.epoch == 1


def test_it_goes_on_from_what_is_known():
    best = BestEpoch(Monitor.ACCURACY, epoch=4, value=0.8)
    best.consider(5, 0.7)
    assert best.epoch == 4
