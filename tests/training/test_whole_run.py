"""One bar for a whole run: it never goes back, and its time left covers export and measuring."""

import pytest

from wildcam.training.whole_run import EXPORT_SECONDS, LOADING_SHARE, WholeRun


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_bar_goes_from_loading_to_measuring_and_never_back(clock: Clock) -> None:
    run = WholeRun(epochs=4, train_images=300, evaluated_images=90, now=clock)
    shares = [run.loading(0.5).share, run.loading(1.0).share]
    assert shares == [LOADING_SHARE / 2, LOADING_SHARE]
    for quarter in range(17):  # an epoch takes 20 s
        shares.append(run.training(quarter / 4).share)
        clock.now += 5
    shares.append(run.exporting().share)
    for done in (0, 45, 90):
        clock.now += 1
        shares.append(run.measuring(done).share)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert shares[10] < 0.6


def test_the_time_left_covers_the_epochs_the_export_and_the_measuring(clock: Clock) -> None:
    run = WholeRun(epochs=3, train_images=100, evaluated_images=30, now=clock)
    assert run.training(0.0).seconds_left is None
    clock.now += 30
    measuring = 30 / 100 / 3 * 30  # a third of a training step for each of 30 images
    assert run.training(1.0).seconds_left == pytest.approx(60 + EXPORT_SECONDS + measuring)
    assert run.exporting().seconds_left == pytest.approx(EXPORT_SECONDS + measuring)
    run.measuring(0)
    clock.now += 4
    assert run.measuring(10).seconds_left == pytest.approx(8)


def test_a_resumed_run_goes_on_where_it_was(clock: Clock) -> None:
    run = WholeRun(epochs=10, train_images=100, evaluated_images=0, now=clock)
    run.training(5.0)
    clock.now += 10
    whole = run.training(6.0)
    assert whole.seconds_left == pytest.approx(40 + EXPORT_SECONDS)
    assert whole.share == pytest.approx(LOADING_SHARE + (1 - LOADING_SHARE) * 60 / 110)


def test_the_epochs_of_a_probe_are_not_timed_by_its_features(clock: Clock) -> None:
    run = WholeRun(epochs=7, train_images=100, evaluated_images=50, now=clock)
    run.features(0.0)
    clock.now += 60
    halfway = run.features(0.5)
    assert halfway.seconds_left == pytest.approx(60 + EXPORT_SECONDS + 30)
    clock.now += 60
    run.features(1.0)
    run.training(1.0)
    clock.now += 0.1
    whole = run.training(2.0)
    assert whole.seconds_left == pytest.approx(0.5 + EXPORT_SECONDS + 60)
    assert whole.share > halfway.share
