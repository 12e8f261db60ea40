"""Folders of images, in the layouts that people keep."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from wildcam.data.importers import preview, read
from wildcam.errors import DataError

DemoImage = Callable[..., bytes]


@pytest.fixture
def fill(tmp_path: Path, image: DemoImage) -> Callable[..., Path]:
    """A folder with the same image under every name."""
    content = image(90, 120, 60)

    def make(*names: str) -> Path:
        for name in names:
            path = tmp_path / "cards" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return tmp_path / "cards"

    return make


def columns(folder: Path) -> pd.DataFrame:
    index = read(folder).index[["label", "location", "given_split"]]
    return index.astype(object).where(index.notna(), None)


def test_a_folder_a_class(fill: Callable[..., Path]) -> None:
    index = read(fill("fox/a.jpg", "empty/b.jpg", "empty/deep/er/c.jpg")).index
    assert dict(zip(index["path"], index["label"], strict=True)) == {
        "fox/a.jpg": "fox",
        "empty/b.jpg": "empty",
        "empty/deep/er/c.jpg": "empty",
    }
    assert index["width"].tolist() == [320] * 3


@pytest.mark.parametrize(
    ("names", "label", "location", "side"),
    [
        (("Station A/fox/1.jpg", "Station B/fox/1.jpg"), "fox", "Station A", None),
        (("fox/cam01/1.jpg", "hare/cam01/1.jpg"), "fox", "cam01", None),
        (("train/fox/1.jpg", "val/fox/1.jpg"), "fox", None, "train"),
        (("1.jpg", "2.jpg"), None, None, None),
    ],
)
def test_the_layout_is_recognised_from_the_folders(
    fill: Callable[..., Path], names: tuple[str, ...], label: str | None, location: str | None, side: str | None
) -> None:
    assert columns(fill(*names)).iloc[0].tolist() == [label, location, side]


def test_camtrapr_names_carry_station_and_time(fill: Callable[..., Path]) -> None:
    index = read(fill("StationA__Cam1__2009-04-10__05-07-00(1).JPG", "StationB__2009-04-10__23-00-59.JPG")).index
    assert index["location"].tolist() == ["StationA", "StationB"]
    assert index["taken_at"].tolist() == [pd.Timestamp("2009-04-10 05:07"), pd.Timestamp("2009-04-10 23:00:59")]


def test_exif_tells_the_time_and_a_broken_file_tells_nothing(fill: Callable[..., Path]) -> None:
    folder = fill("fox/a.jpg")
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2014:03:01 12:30:00"
    Image.new("RGB", (64, 48)).save(folder / "fox/b.jpg", exif=exif)
    (folder / "fox/c.jpg").write_text("no photo")
    index = read(folder).index
    assert index["taken_at"].notna().tolist() == [False, True, False]
    assert index["taken_at"][1] == pd.Timestamp("2014-03-01 12:30")
    assert index["width"].isna().tolist() == [False, False, True]


def test_a_preview_reads_names_only(fill: Callable[..., Path]) -> None:
    shown = preview(fill(*(f"fox/{n:03}.jpg" for n in range(40))))
    assert shown.format == "folders"
    assert 0 < len(shown.rows) <= 10
    assert shown.rows["label"].unique().tolist() == ["fox"]


def test_a_folder_without_images_or_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no photos"):
        read(tmp_path, format="folders")
    with pytest.raises(DataError, match="is not a folder"):
        read(tmp_path / "none", format="folders")
