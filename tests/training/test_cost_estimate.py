"""Time and disk of a run, before it starts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wildcam.runs.facts import LRFinderFacts, TrainFacts
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.training.cost_estimate import disk_bytes, estimate_epoch
from wildcam.training.recipe import Recipe

RECIPE = Recipe.of("demo", "empty_cnn", batch_size=100)


def run(
    name: str, recipe: Recipe, *, metrics: dict[str, float] | None = None, facts: LRFinderFacts | None = None
) -> Run:
    return Run(
        id=name,
        name=name,
        kind=Kind.LR_FINDER if facts else Kind.TRAIN,
        state=State.FINISHED,
        reason="",
        facts=facts or TrainFacts(),
        metrics=metrics or {},
        params={key: str(value) for key, value in recipe.model_dump(mode="json").items()},
        submitted_at=datetime(2026, 1, 1, tzinfo=UTC),
        started_at=None,
        ended_at=None,
        place=0.0,
        folder=Path(name),
    )


def test_the_newest_run_of_the_same_network_and_images_tells_the_time() -> None:
    runs = [
        run("other", Recipe.of("demo", "empty_cnn", image_size=112), metrics={"images_per_second": 1.0}),
        run("unmeasured", RECIPE),
        run("measured", RECIPE, metrics={"images_per_second": 50.0}),
    ]
    estimate = estimate_epoch(RECIPE, 1000, runs)
    assert (estimate.seconds, estimate.source) == (20.0, "measured")
    assert estimate_epoch(RECIPE, 1000, runs[:2]) is None


def test_steps_that_a_finder_timed_count_before_speeds() -> None:
    tried = run("tried", RECIPE, metrics={"images_per_second": 50.0}, facts=LRFinderFacts(seconds_per_step=0.5))
    assert estimate_epoch(RECIPE, 950, [tried]).seconds == pytest.approx(5.0)


def test_disk_grows_with_images_and_network() -> None:
    assert disk_bytes(RECIPE, 2000, 2) - disk_bytes(RECIPE, 1000, 2) == 1000 * 56 * 56 * 3
    assert disk_bytes(Recipe.of("demo", "efficientnet_b0"), 0, 10) > 9 * 4 * 4_000_000
