"""How long the rest will take."""

import pytest

from wildcam.runs.eta import WINDOW_SECONDS, EtaEstimator


def test_at_an_even_pace_the_time_left_is_exact() -> None:
    eta = EtaEstimator()
    assert eta.seconds_left(100.0, 0, 1000) is None
    for second in range(1, 90):
        assert eta.seconds_left(100.0 + second, 10 * second, 1000) == pytest.approx(100 - second)


def test_what_went_by_fast_because_it_was_known_is_soon_forgotten() -> None:
    eta = EtaEstimator()
    eta.seconds_left(0.0, 0, 100_000)
    eta.seconds_left(1.0, 50_000, 100_000)
    for second in range(1, round(WINDOW_SECONDS) + 3):
        left = eta.seconds_left(1.0 + second, 50_000 + 100 * second, 100_000)
    assert left == pytest.approx((50_000 - 100 * second) / 100)


def test_a_look_after_every_file_costs_no_memory() -> None:
    eta = EtaEstimator()
    for done in range(100_000):
        eta.seconds_left(done / 1000, done, 100_000)
    assert len(eta._samples) < 50


def test_while_nothing_moves_nothing_is_claimed() -> None:
    eta = EtaEstimator()
    assert [eta.seconds_left(now, 5, 10) for now in (0.0, 1.0, 2.0)] == [None] * 3
