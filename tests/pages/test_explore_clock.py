"""Explore, Time: a clock is corrected by a proposal or by hand, and put back."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from wildcam.data.catalog import build_index, open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.settings import PROJECT_DIR

APP = PROJECT_DIR / "app.py"
DAYS = ("2021-05-01", "2021-05-02", "2020-05-03", "2021-05-04")


@pytest.fixture
def datasets(new_home: Path) -> Path:
    names = [f"IMG_{number}.JPG" for number in range(4)]
    times = pd.to_datetime([f"{day} 10:00" for day in DAYS])
    index = build_index({"image_id": names, "path": names, "location": "A", "label": "fox", "taken_at": times})
    save_dataset(new_home / "datasets", index, name="d", source="s", root=new_home, format="csv", labels=LabelPolicy())
    return new_home / "datasets"


def open_time() -> AppTest:
    page = AppTest.from_file(APP, default_timeout=60).run().switch_page("pages/explore/page.py")
    page.query_params.update({"dataset": "d", "section": "time"})
    return page.run()


def years(datasets: Path) -> list[int]:
    return open_dataset(datasets, "d").index["taken_at"].dt.year.tolist()


def test_a_proposal_is_taken_and_a_correction_removed(datasets: Path) -> None:
    page = open_time()
    assert not page.exception
    page.button(key="explore_clock_take_0").click().run()
    assert not page.exception
    assert years(datasets) == [2021] * 4
    assert any("1 photo" in expander.label for expander in page.expander)
    page.number_input(key="explore_clock_years").set_value(1)
    page.selectbox(key="explore_clock_location").set_value("A")
    next(button for button in page.button if button.label == "Correct clock").click().run()
    assert not page.exception
    assert years(datasets) == [2022] * 4
    page.button(key="explore_clock_remove_1").click().run()
    page.button(key="explore_clock_remove_0").click().run()
    assert years(datasets) == [2021, 2021, 2020, 2021]


def test_a_period_without_photos_gets_a_sentence(datasets: Path) -> None:
    page = open_time()
    page.number_input(key="explore_clock_years").set_value(1)
    page.text_input(key="explore_clock_since").set_value("2030-01-01")
    next(button for button in page.button if button.label == "Correct clock").click().run()
    assert page.error[0].value.startswith("No photo has a time")
    assert years(datasets) == [2021, 2021, 2020, 2021]
