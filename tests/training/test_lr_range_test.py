import numpy as np
import pytest

from wildcam.training.lr_range_test import HIGHEST, LOWEST, STEPS, rate_at, seconds_per_step, smoothed, suggest_rate

RATES = np.array([rate_at(step) for step in range(STEPS)])


def test_rates_rise_by_a_constant_factor():
    assert (RATES[0], RATES[-1]) == (pytest.approx(LOWEST), pytest.approx(HIGHEST))
    np.testing.assert_allclose(RATES[1:] / RATES[:-1], RATES[1] / RATES[0])


def test_a_constant_loss_is_smoothed_to_itself():
    np.testing.assert_allclose(smoothed([3.0] * 20), 3.0)


def test_the_rate_suggested_lies_where_the_loss_falls_and_before_it_rises():
    falls_at, rises_at = 1e-3, 1e-1
    losses = 2 - 1.5 / (1 + (falls_at / RATES) ** 2) + (RATES / rises_at) ** 4
    noise = np.random.default_rng(0).normal(0, 0.02, STEPS)
    assert falls_at / 3 < suggest_rate(RATES, losses + noise) < rises_at / 3


@pytest.mark.parametrize(
    "losses", [np.linspace(1, 2, STEPS), np.full(STEPS, np.nan), np.ones(STEPS), np.ones(3)], ids=str
)
def test_no_rate_is_suggested_where_the_loss_never_falls(losses):
    assert suggest_rate(RATES[: len(losses)], losses) is None


def test_a_loss_that_runs_away_ends_the_curve():
    losses = np.concatenate([np.linspace(2, 1, 60), [np.nan] * 40])
    assert suggest_rate(RATES, losses) < RATES[60]


def test_a_steps_seconds_are_the_median_after_the_slow_first_ones():
    ends = np.cumsum([0, 9, 9, 9, 9, 9, 1, 2, 1, 50, 1])
    assert seconds_per_step(ends) == 1
    assert seconds_per_step([3, 5]) == 2
    assert seconds_per_step([3]) is None
