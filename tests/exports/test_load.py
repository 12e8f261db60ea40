"""A damaged file gets a sentence, whatever reads it."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from wildcam.errors import DataError
from wildcam.exports.formats import Format, export
from wildcam.exports.load import load_predictions
from wildcam.predictions.metadata import BatchMetadata


@pytest.mark.parametrize("content", [b"", b"a,b\n\xff\xfe,1\n", None])
def test_what_is_no_table_gets_a_sentence(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"odd\.csv"):
        load_predictions(path)


def test_a_cell_that_is_no_number_gets_a_sentence(table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path) -> None:
    path = export(Format.CSV, table, metadata, tmp_path / "out.csv").path
    path.write_bytes(path.read_bytes().replace(b",0.62,", b",often,", 1))
    with pytest.raises(DataError, match="export it again"):
        load_predictions(path)


def test_a_damaged_package_gets_a_sentence(table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path) -> None:
    """Somewhere in its packed tables, where the checksum is not what fails first."""
    path = export(Format.CAMTRAP_DP, table, metadata, tmp_path / "out.zip").path
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("observations.csv").header_offset + 30 + len("observations.csv")
    content = path.read_bytes()
    for place in range(start, start + 60, 3):
        path.write_bytes(content[:place] + b"\xff\x00\xaa" + content[place + 3 :])
        with pytest.raises(DataError, match="Camtrap DP"):
            load_predictions(path)
