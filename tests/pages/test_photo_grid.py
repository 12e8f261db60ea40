"""Photos as cards, page by page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
from pathlib import Path
import pandas as pd
import streamlit as st
from pages.widgets.photo_grid import PhotoCard, choose_page, draw_photo_grid
from wildcam.errors import DataError

rows = pd.DataFrame({{"image_id": [str(number) for number in range({count})]}})
draw_photo_grid(
    (PhotoCard(image_id, {path}, f"fox {{image_id}}\\n2 votes") for image_id in choose_page(rows)["image_id"]),
    key="cards",
    open_photo=lambda image_id: st.query_params.update({{"image": image_id}}),
    empty="No photo matches.",
)
"""


@pytest.fixture
def draw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, image: Callable[..., bytes]) -> Callable[..., AppTest]:
    """A script with so many cards of one photo."""
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    (tmp_path / "fox.jpg").write_bytes(image(200, 90, 40))

    def draw(count: int, path: str = f"Path({str(tmp_path / 'fox.jpg')!r})", **address: str) -> AppTest:
        page = AppTest.from_string(SCRIPT.format(count=count, path=path), default_timeout=60)
        page.query_params.update(address)
        page.run()
        assert not page.exception
        return page

    return draw


def opened(page: AppTest) -> list[str]:
    return [button.key.removeprefix("cards_") for button in page.button]


def test_without_photos_there_is_a_sentence_and_no_pages(draw: Callable[..., AppTest]) -> None:
    page = draw(0)
    assert page.info[0].value == "No photo matches."
    assert not page.get("pagination")


def test_one_page_needs_no_pages_and_another_is_in_the_address(draw: Callable[..., AppTest]) -> None:
    assert not draw(12).get("pagination")
    page = draw(30, page="3")
    assert opened(page) == [str(number) for number in range(24, 30)]
    page.get("pagination")[0].set_value(2).run()
    assert page.query_params["page"] == "2"
    assert opened(page) == [str(number) for number in range(12, 24)]


@pytest.mark.parametrize("asked", ["0", "4", "x", "-1"])
def test_a_page_that_does_not_exist_is_the_first(draw: Callable[..., AppTest], asked: str) -> None:
    assert opened(draw(30, page=asked)) == [str(number) for number in range(12)]


def test_a_card_opens_its_photo(draw: Callable[..., AppTest]) -> None:
    page = draw(3)
    page.button(key="cards_1").click().run()
    assert page.query_params["image"] == "1"


def test_every_photo_has_its_caption_for_a_screen_reader(draw: Callable[..., AppTest]) -> None:
    texts = [photo.proto.imgs[0].alt for photo in draw(2).get("image")]
    assert texts == ["fox 0, 2 votes", "fox 1, 2 votes"]


@pytest.mark.parametrize("path", ['Path("/nowhere/fox.jpg")', 'DataError("fox.jpg is missing.")'])
def test_a_photo_that_cannot_be_read_is_a_card_with_the_reason(draw: Callable[..., AppTest], path: str) -> None:
    page = draw(1, path)
    assert any("fox.jpg is missing" in text.value for text in page.text)
    assert opened(page) == ["0"]


def test_thumbnails_of_a_grid_keep_their_bound(
    draw: Callable[..., AppTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "home" / "cache" / "thumbnails" / "old.jpg"
    old.parent.mkdir(parents=True)
    with old.open("wb") as file:
        file.truncate(500_000_001)
    draw(1)
    assert not old.exists()
