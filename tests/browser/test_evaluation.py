"""Evaluation in a real browser: a click on a cell of the confusion matrix shows its photos."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import click_chart
from wildcam.architectures.presets import Task
from wildcam.data.catalog import build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.parts import PartWriter
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.table import ImageRecord, Prediction
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import open_bundle
from wildcam.serving.two_stage import Verdict, VerdictSource, ViewVote
from wildcam.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LABELS = {"a": "fox", "b": "blank", "c": "deer"}


@pytest.fixture
def evaluable(server: Any, tmp_path: Path, image: Callable[..., bytes]) -> Callable[[Task, str], Run]:
    """A finished batch of a data set whose empty images are labelled `blank`, with one answer for all of its images."""
    index = build_index({"image_id": list(LABELS), "path": [f"{k}.jpg" for k in LABELS], "label": [*LABELS.values()]})
    for name in LABELS:
        (tmp_path / f"{name}.jpg").write_bytes(image(60, 200, 60, size=(40, 30)))
    save_dataset(
        server.home / "datasets",
        index,
        name="blanks",
        source="",
        root=tmp_path,
        format="csv",
        labels=LabelPolicy(empty=("blank",)),
        replace=True,
    )

    def make(task: Task, answer: str) -> Run:
        store = RunStore(Settings(home=server.home, models=server.models))
        empty, species = ("demo_empty", "" if task is Task.EMPTY else "demo_species")
        thresholds = {"empty_threshold": 0.5, "unknown_threshold": 0.4}
        request = PredictionRequest(dataset="blanks", empty_model=empty, species_model=species, **thresholds)
        run = store.create(Kind.PREDICT, "scored", request)
        store.enqueue(run.id)
        writer = PartWriter(run.folder)
        writer.write_metadata(
            BatchMetadata(
                root=tmp_path,
                source="blanks",
                empty_model=empty,
                species_model=species,
                classes=("deer", "fox"),
                cards=tuple(open_bundle(server.models, name).card for name in (empty, species) if name),
                is_demo=True,
                views=4,
                aggregation=request.aggregation,
                run_id=run.id,
                created_at=datetime.now(UTC),
                **thresholds,
            )
        )
        verdict = Verdict(answer, VerdictSource.STAGE_1, 0.8, 4, (ViewVote(0.5, False),) * 4, p_empty=0.5)
        for name in LABELS:
            writer.add(Prediction(ImageRecord(name, f"{name}.jpg"), verdict))
        writer.flush()
        store.mark(run.id, State.FINISHED)
        return store.get(run.id)

    return make


@pytest.mark.parametrize(
    ("task", "answer", "rows"),
    [
        (Task.ALL, "fox", {"fox": "a", "empty": "b", "deer": "c"}),
        (Task.EMPTY, "animal", {"animal": "ac", "empty": "b"}),
    ],
    ids=["both stages", "stage 1 alone"],
)
def test_a_click_on_a_cell_shows_its_photos(
    server: Any, page: Page, evaluable: Callable[[Task, str], Run], task: Task, answer: str, rows: dict[str, str]
) -> None:
    run = evaluable(task, answer)
    page.set_viewport_size({"width": 1280, "height": 2000})
    page.goto(server.address(f"evaluation?run={run.id}&part=confusions"))
    cells = page.locator(".js-plotly-plot .scatterlayer .point")
    expect(cells).to_have_count(len(rows))
    clicked = {}
    for number in range(len(rows)):
        before = page.url
        click_chart(page, cells.nth(number), lambda url, before=before: url != before and "ground_truth=" in url)
        address = parse_qs(urlparse(page.url).query)
        ground_truth, label = address["ground_truth"][0], address["label"][0]
        assert label == answer
        cards = page.get_by_test_id("stText").filter(has_text=re.compile("jpg"))
        expect(cards).to_have_count(len(rows[ground_truth]))
        expect(cards.first).to_contain_text(f"ground truth {ground_truth}, predicted as {answer}")
        clicked[ground_truth] = "".join(sorted(text[0] for text in cards.all_inner_texts()))
        page.wait_for_timeout(500)
    assert clicked == rows
