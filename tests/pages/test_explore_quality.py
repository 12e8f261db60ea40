"""Explore's section Quality: the check in the background, and what it found."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from wildcam.data.catalog import Dataset, build_index, open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.quality.check import check_dataset
from wildcam.settings import PROJECT_DIR

APP = PROJECT_DIR / "app.py"


@pytest.fixture
def dataset(new_home: Path, image: Callable[..., bytes]) -> Dataset:
    """Two good images, one of them twice, a dark one, a cut one with markup in its name, and one that is gone."""
    files = {
        "good.jpg": image(90, 160, 60),
        "copy.jpg": image(90, 160, 60),
        "dark.jpg": image(4, 4, 4),
        "_cut_ <b>.jpg": image(200, 90, 60)[:3000],
    }
    for name, content in files.items():
        (new_home / name).write_bytes(content)
    names = [*files, "gone.jpg"]
    index = build_index({"image_id": names, "path": names, "label": ["fox"] * 5, "location": ["a"] * 5})
    return save_dataset(
        new_home / "datasets", index, name="mine", source="x", root=new_home, format="csv", labels=LabelPolicy()
    )


def quality(**address: str) -> AppTest:
    page = AppTest.from_file(APP, default_timeout=60).run().switch_page("pages/explore/page.py")
    page.query_params.update({"section": "quality"} | address)
    page.run()
    assert not page.exception
    return page


def found(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_before_the_first_check_the_page_says_what_one_would_find(dataset: Dataset) -> None:
    page = quality()
    assert "have not been checked yet" in page.info[0].value
    assert not page.metric


@pytest.mark.slow
def test_a_check_runs_in_the_background_and_its_findings_appear(dataset: Dataset) -> None:
    page = quality()
    page.button(key="explore_check_start").click().run()
    deadline = time.monotonic() + 60
    while not page.metric and time.monotonic() < deadline:
        time.sleep(0.5)
        page.run()
    counts = found(page)
    assert {name: counts[name] for name in ("Unreadable", "Missing", "Duplicate", "Dark")} == dict.fromkeys(
        ("Unreadable", "Missing", "Duplicate", "Dark"), "1"
    )
    assert "Finished" in page.text[0].value
    assert open_dataset(dataset.folder.parent, "mine").info.checked_at
    assert page.button(key="explore_check_start").label == "Check new and changed files"


def test_each_finding_is_shown_with_its_reason_and_a_copy_beside_its_original(dataset: Dataset) -> None:
    check_dataset(dataset)
    unreadable = quality(finding="unreadable")
    card = next(text.value for text in unreadable.text if "damaged" in text.value and "fox" in text.value)
    assert "_cut_ <b>.jpg" in card
    copies = quality(finding="duplicate")
    assert len(copies.get("image")) == 2
    assert any(text.value.startswith("copy.jpg\nsame bytes as good.jpg") for text in copies.text)


def test_a_threshold_can_be_moved_and_is_in_the_address(dataset: Dataset) -> None:
    check_dataset(dataset)
    assert found(quality())["Dark"] == "1"
    page = quality(dark_brightness="0.0")
    assert found(page)["Dark"] == "0"
    page.number_input(key="address_tiny_px").set_value(1000).run()
    assert page.query_params["tiny_px"] == "1000"
    assert found(page)["Tiny"] == "3"


def test_where_files_were_checked_the_share_of_infrared_is_known(dataset: Dataset) -> None:
    check_dataset(dataset)
    page = AppTest.from_file(APP, default_timeout=60).run().switch_page("pages/explore/page.py")
    page.query_params.update({"section": "photos", "light": "infrared"})
    page.run()
    assert "**1 photo**" in [markdown.value for markdown in page.markdown]
