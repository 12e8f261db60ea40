"""Corrections are kept by content, the latest counts, and they come out as labels to train on."""

import subprocess
import sys
from pathlib import Path

import pytest

from wildcam.data.corrections import COLUMNS, Corrections
from wildcam.data.importers import import_dataset
from wildcam.errors import UsageError
from wildcam.settings import PROJECT_DIR


def add(home: Path, source: bytes | Path, label: str, *, keep: bool = False) -> None:
    Corrections(home).add(source, name="a.jpg", predicted="fox", label=label, models="park", keep=keep)


def test_the_latest_correction_of_an_image_counts_whatever_its_name(tmp_path: Path) -> None:
    corrections = Corrections(tmp_path)
    assert corrections.of(b"one") is None
    for label in ("Coati", "Nasua  narica"):
        corrections.add(b"one", name=f"{label}.jpg", predicted="fox", label=label, models="park")
    add(tmp_path, b"other", "empty")
    found = corrections.of(b"one")
    assert found is not None
    assert (found.label, found.predicted, found.path) == ("nasua narica", "fox", "")
    table = corrections.table()
    assert tuple(table.columns) == COLUMNS
    assert table["label"].tolist() == ["empty", "nasua narica"]


def test_an_upload_is_kept_only_on_request(tmp_path: Path) -> None:
    add(tmp_path, b"one", "coati")
    assert not list(tmp_path.rglob("*.jpg"))
    add(tmp_path, b"one", "coati", keep=True)
    assert [path.read_bytes() for path in tmp_path.rglob("*.jpg")] == [b"one"]


def test_they_are_imported_as_a_data_set(tmp_path: Path, image) -> None:
    add(tmp_path, image(10, 200, 10), "coati", keep=True)
    on_disk = tmp_path / "on disk.jpg"
    on_disk.write_bytes(image(200, 10, 10))
    add(tmp_path, on_disk, "=fox, red")
    (tmp_path / "labels.csv").write_text(Corrections(tmp_path).to_csv())
    dataset = import_dataset(tmp_path / "datasets", tmp_path / "labels.csv", name="corrected")
    assert sorted(dataset.index["label"]) == ["=fox, red", "coati"]
    assert (dataset.index["status"] == "ok").all()


@pytest.mark.parametrize("label", ["", "  ", "x" * 300])
def test_a_label_that_is_none_is_refused(tmp_path: Path, label: str) -> None:
    with pytest.raises(UsageError, match="expected 1 to 200"):
        add(tmp_path, b"one", label)


def test_a_line_that_was_cut_short_costs_only_itself(tmp_path: Path) -> None:
    add(tmp_path, b"one", "coati")
    with (tmp_path / "corrections" / "corrections.jsonl").open("a") as file:
        file.write('{"sha256": "ab')
    add(tmp_path, b"other", "fox")
    assert len(Corrections(tmp_path).table()) == 2


def test_several_processes_may_add_at_once(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from wildcam.data.corrections import Corrections
for number in range(100):
    content = f"{sys.argv[2]} {number}".encode()
    Corrections(Path(sys.argv[1])).add(content, name="a.jpg", predicted="fox", label="coati", models="park")
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    processes = [subprocess.Popen([*command, str(number)], cwd=PROJECT_DIR) for number in range(2)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert len(Corrections(tmp_path).table()) == 200
