"""JSON sources that are damaged or unusual."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wildcam.data.importers.json_file import read_json
from wildcam.errors import DataError


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "source.json is empty"),
        (b" \n ", "source.json is empty"),
        (b'{"a": [1, 2', "is not valid JSON .*cut off"),
        (b'{"a": 1,}', "is not valid JSON"),
        (b'{"a": "\xff\xfe"}', "is not valid JSON"),
        (b"[1]", "does not fit .*expected numbers by name"),
        (b'{"a": ' + b"[" * 100_000, "is not valid JSON"),
    ],
)
def test_a_damaged_file_is_refused_in_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "source.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        read_json(path, dict[str, Any], "numbers by name")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is missing"):
        read_json(tmp_path / "none.json", dict[str, int], "numbers")
    with pytest.raises(DataError, match="is a folder: expected a file"):
        read_json(tmp_path, dict[str, int], "numbers")


def test_a_byte_order_mark_and_python_nan_are_taken(tmp_path: Path, write_json: Callable[..., Path]) -> None:
    marked = tmp_path / "marked.json"
    marked.write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_json(marked, dict[str, int], "numbers") == {"a": 1}
    with_nan = write_json({"a": 1, "b": float("nan")})
    assert read_json(with_nan, dict[str, int | None], "numbers") == {"a": 1, "b": None}
