"""What a source is, and the sentence for what it is not."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.data.importers import ImportOptions, read, recognise
from wildcam.errors import DataError, UsageError

Write = Callable[..., Path]


def test_the_content_tells_the_format(write_coco: Write, write_text: Write, image: Callable[..., bytes]) -> None:
    assert recognise(write_coco()) == "coco"
    assert recognise(write_coco("iwildcam2020_train_annotations.json")) == "iwildcam2020"
    table = write_text("path,label", "a.jpg,fox")
    assert recognise(table) == "csv"
    cards = table.parent / "cards"
    (cards / "fox").mkdir(parents=True)
    (cards / "fox/a.jpg").write_bytes(image(90, 120, 60))
    assert recognise(cards) == "folders"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b'{"images": [{"id": 1}, {"id"', "is not valid JSON"),
        (b'{"type": "FeatureCollection"}', "is JSON of no known kind: expected iWildCam 2020 JSON"),
        (b'{"images": []}', "is JSON of no known kind"),
        (b"[1, 2]", "does not fit .*expected iWildCam 2020 JSON"),
        (b'{"images": [], "detection_categories": {}}', "is a detector's result, not a data set"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "is not a text file.*Supported formats: iWildCam 2020 JSON"),
        (b"Just some words.", "no column of photo file names.*Supported formats: iWildCam 2020 JSON"),
    ],
)
def test_what_is_unknown_is_refused_with_what_is_known(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "source.bin"
    path.write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        recognise(path)


def test_a_zip_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("metadata.csv", "path\na.jpg\n")
    with pytest.raises(DataError, match=r"data.zip is a zip: unpack it"):
        recognise(tmp_path / "data.zip")


def test_a_missing_source_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere.json is missing"):
        recognise(tmp_path / "nowhere.json")
    with pytest.raises(DataError, match="has neither photos nor known metadata"):
        recognise(tmp_path)


def test_an_unknown_format_lists_the_known_ones(write_coco: Write) -> None:
    with pytest.raises(
        UsageError,
        match="Unknown format 'xlsx'. Known: iwildcam2020, wilds, coco, camtrap_dp",
    ):
        read(write_coco(), format="xlsx", options=ImportOptions())
