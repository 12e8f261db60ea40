"""Labels from a table beside the source."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.data.importers import Imported, ImportOptions, read
from wildcam.errors import DataError

Write = Callable[..., Path]


@pytest.fixture
def label(write_coco: Write, write_text: Write) -> Callable[..., Imported]:
    """Three images, of which `a` has a label, with the given table as truth."""
    source = write_coco(annotations=[{"image_id": "a", "category_id": 73}])
    return lambda *lines: read(source, options=ImportOptions(ground_truth=write_text(*lines, name="truth.csv")))


@pytest.mark.parametrize(
    "lines",
    [
        ("image_id,label", "b,human", "c,empty"),
        ("Id,Category", "b,75", "c,0"),
        ("path,species", "one/b.jpg,human", "two/c.jpg,empty"),
    ],
)
def test_ids_or_paths_name_images_and_names_or_numbers_label_them(
    label: Callable[..., Imported], lines: tuple[str, ...]
) -> None:
    index = label(*lines).index
    assert index["label"].tolist() == ["fox", "human", "empty"]
    assert index["category_id"].tolist() == [73, 75, 0]


def test_a_label_of_the_source_is_never_replaced(label: Callable[..., Imported], remarks: Callable) -> None:
    imported = label("image_id,label", "a,human", "b,", "elsewhere,fox")
    assert imported.index["label"].dropna().tolist() == ["fox"]
    assert remarks(imported) == {"ground truth for a photo outside the data set: left out": 1}


def test_an_image_that_is_named_again_keeps_its_first_label(label: Callable[..., Imported], remarks: Callable) -> None:
    imported = label("image_id,label", "b,human", "b,fox", "a,human", "a,human")
    assert imported.index["label"].tolist()[:2] == ["fox", "human"]
    assert remarks(imported) == {"repeated ground truth for a photo: only the first is kept": 2}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_the_table_may_be_written_with_semicolons_in_latin_1(
    write_coco: Write, write_text: Write, encoding: str
) -> None:
    ground_truth = write_text("image_id;label", "b;lièvre", name="truth.csv", encoding=encoding)
    imported = read(write_coco(annotations=[]), options=ImportOptions(ground_truth=ground_truth))
    assert imported.index["label"].dropna().tolist() == ["lièvre"]


def test_a_table_without_the_columns_is_refused(label: Callable[..., Imported]) -> None:
    with pytest.raises(DataError, match=r"truth.csv has the columns name, age: expected one of image_id"):
        label("name,age", "fox,3")
