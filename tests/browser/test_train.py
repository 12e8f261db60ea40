"""The suggested learning rate reaches the form, in a real browser."""

from typing import Any

import pytest
from mlflow.entities import Metric
from playwright.sync_api import Page, expect

from tests.browser.conftest import choose_preset
from wildcam.runs.facts import LRFinderFacts
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import Settings
from wildcam.training.recipe import Recipe

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def found(server: Any) -> None:
    """A finished finder run, with its curve and its suggestion."""
    store = RunStore(Settings(home=server.home, models=server.models))
    run = store.create(Kind.LR_FINDER, "finder", Recipe.of("demo", "empty_cnn"))
    store.enqueue(run.id)
    names = ("finder_learning_rate", "finder_loss", "finder_raw_loss")
    store.log_points(run.id, [Metric(name, 10.0**-step, 1000 + step, step) for step in range(1, 6) for name in names])
    store.write_facts(run.id, LRFinderFacts(suggested_learning_rate=0.0032))
    store.mark(run.id, State.FINISHED)


def test_a_suggested_rate_is_used_and_stays(server: Any, page: Page, found: None) -> None:
    page.goto(server.address("train?dataset=demo"))
    choose_preset(page, "empty_cnn")
    page.get_by_text("Advanced", exact=True).click()
    page.get_by_role("button", name="Use 0.0032").click()
    expect(page.get_by_text("--learning-rate 0.0032")).to_be_visible()
    expect(page.get_by_label("Learning rate", exact=True)).to_have_value("0.003200")
    page.get_by_label("Epochs", exact=True).fill("4")  # the next change of the form must not undo it
    page.get_by_label("Epochs", exact=True).press("Enter")
    expect(page.get_by_text("--epochs 4 --learning-rate 0.0032")).to_be_visible()
