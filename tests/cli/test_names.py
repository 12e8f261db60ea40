"""`data names`: a table is written, filled in, and stored with the data set."""

import json
from pathlib import Path

import pandas as pd
import pytest

from wildcam.cli.main import main
from wildcam.data.catalog import build_index, open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy


def test_a_filled_table_is_stored_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path))
    index = build_index({"image_id": ["1", "2"], "path": ["1.jpg", "2.jpg"], "label": ["fox", "empty"]})
    save_dataset(tmp_path / "datasets", index, name="d", source="s", root=tmp_path, format="csv", labels=LabelPolicy())
    path = tmp_path / "names.csv"
    assert main(["data", "names", "d", "--write", str(path)]) == 0
    table = pd.read_csv(path).astype("object")
    table.loc[table["label"] == "fox", "scientific_name"] = "Vulpes vulpes"
    table.loc[len(table)] = ["imp", "", "impala"]
    table.to_csv(path, index=False)
    capsys.readouterr()
    assert main(["data", "names", "d", "--read", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts == {
        "labels": 2,
        "with a scientific name": 1,
        "with a common name": 0,
        "rows of other labels": "imp",
    }
    assert open_dataset(tmp_path / "datasets", "d").info.names.title("fox") == "fox, Vulpes vulpes"
