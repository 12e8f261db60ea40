"""The Studies page."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from wildcam.settings import PROJECT_DIR, load_settings
from wildcam.studies.catalog import STUDIES
from wildcam.studies.result import FOLDER, CurvePoint, Figure, Findings, StudyResult, StudySize

APP = PROJECT_DIR / "app.py"


def open_page(**address: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params.update(address)
    page = app.run().switch_page("pages/studies/page.py").run()
    assert not page.exception
    return page


@pytest.fixture(autouse=True)
def home(new_home: Path) -> Path:
    return new_home


@pytest.fixture
def answered() -> None:
    """This home has results of two studies."""
    figures = (
        Figure(score="accuracy", condition="one *view*", value=0.5, low=0.4, high=0.6),
        Figure(score="macro-F1, tail", condition="one *view*", value=0.2),
    )
    found = Findings(
        verdict="Several views help *here*.",
        decided=True,
        figures=figures,
        notes=("A note.",),
        evaluated_on="9 photos",
    )
    usual = {
        "size": StudySize(),
        "runs": ("a",),
        "trained": 1,
        "command": "python -m wildcam study tta",
        "made_at": datetime.now(UTC),
        "minutes": 3.0,
        "versions": {},
    }
    folder = load_settings().home / FOLDER
    StudyResult(study="tta", found=found, **usual).write(folder)
    curves = tuple(CurvePoint(condition="with", curve="train", epoch=epoch, value=1 / epoch) for epoch in (1, 2))
    StudyResult(study="loss_gap", found=found.model_copy(update={"curves": curves, "decided": False}), **usual).write(
        folder
    )


def test_an_answer_comes_with_its_size_and_its_command(answered: None) -> None:
    page = open_page(study="tta")
    assert page.success[0].value == r"Several views help \*here\*\."
    assert any("3 trainings of each condition" in caption.value for caption in page.caption)
    assert page.code[0].value == "python -m wildcam study tta"
    assert page.selectbox(key="address_score").options == ["Accuracy", "Macro-F1, tail"]
    answers = [text.value for text in page.text]
    assert len(answers) == len(STUDIES)
    assert answers[1] == "Several views help *here*."
    assert not any("came with WildCam" in caption.value for caption in page.caption)


def test_curves_are_drawn_where_a_study_has_some(answered: None) -> None:
    page = open_page(study="loss_gap")
    assert len(page.get("plotly_chart")) == 1
    assert not page.success
    assert not [box for box in page.selectbox if box.key == "address_score"]


@pytest.mark.parametrize("study", STUDIES)
def test_every_study_shows_a_result_and_its_command(study: str) -> None:
    page = open_page(study=study)
    assert page.code[0].value.startswith(f"python -m wildcam study {study}")
