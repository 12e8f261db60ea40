"""No two labels share a folder, and only what is there is counted."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from wildcam.exports.formats import Format, export
from wildcam.predictions.metadata import BatchMetadata


def test_labels_that_are_written_alike_have_folders_of_their_own(
    table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path, image: Callable[..., bytes]
) -> None:
    rows = table.iloc[:4].copy()
    rows["label"] = ["a?b", "a*b", "Fox", "fox"]
    for path in rows["path"].iloc[:3]:
        (metadata.root / path).parent.mkdir(parents=True, exist_ok=True)
        (metadata.root / path).write_bytes(image(1, 2, 3))
    done = export(Format.FOLDERS, rows, metadata, tmp_path / "sorted")
    found = {
        folder.name: sorted(file.name for file in folder.iterdir()) for folder in done.path.iterdir() if folder.is_dir()
    }
    assert found == {"a_b": ["north__a.jpg"], "a_b (2)": ["north__b.jpg"], "Fox": ["south__c.png"], "fox (2)": []}
    assert done.images == 3


def test_names_that_windows_keeps_or_takes_for_one_are_made_apart(
    table: pd.DataFrame, metadata: BatchMetadata, tmp_path: Path, image: Callable[..., bytes]
) -> None:
    rows = table.iloc[:4].copy()
    rows["label"] = ["CON", "Nul.mouse", "fox", "fox"]
    rows["path"] = ["a/aux.jpg", "com1", "a/IMG.JPG", "A/img.jpg"]
    for path in rows["path"]:
        (metadata.root / path).parent.mkdir(parents=True, exist_ok=True)
        (metadata.root / path).write_bytes(image(1, 2, 3))
    done = export(Format.FOLDERS, rows, metadata, tmp_path / "sorted")
    found = {
        folder.name: sorted(file.name for file in folder.iterdir()) for folder in done.path.iterdir() if folder.is_dir()
    }
    assert found == {"_CON": ["a__aux.jpg"], "_Nul.mouse": ["_com1"], "fox": ["3_A__img.jpg", "a__IMG.JPG"]}
