"""Reviews are kept by content, the latest counts, and they come out as labels to train on."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from wildcam.data.importers import import_dataset
from wildcam.data.reviews import COLUMNS, Review, Reviews
from wildcam.errors import DataError, UsageError
from wildcam.settings import PROJECT_DIR


def add(home: Path, source: bytes | Path, label: str, *, keep: bool = False) -> None:
    Reviews(home).add(source, name="a.jpg", predicted="fox", label=label, models="park", keep=keep)


def test_the_latest_correction_of_an_image_counts_whatever_its_name(tmp_path: Path) -> None:
    corrections = Reviews(tmp_path)
    assert corrections.of(b"one") is None
    for label in ("Coati", "Nasua  narica"):
        corrections.add(b"one", name=f"{label}.jpg", predicted="fox", label=label, models="park")
    add(tmp_path, b"other", "empty")
    found = corrections.of(b"one")
    assert found is not None
    assert (found.label, found.predicted, found.path) == ("Nasua narica", "fox", "")
    table = corrections.table()
    assert tuple(table.columns) == COLUMNS
    assert table["label"].tolist() == ["empty", "Nasua narica"]


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
    (tmp_path / "labels.csv").write_text(Reviews(tmp_path).to_csv())
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
    assert len(Reviews(tmp_path).table()) == 2


def test_several_processes_may_add_at_once(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from wildcam.data.reviews import Reviews
for number in range(100):
    content = f"{sys.argv[2]} {number}".encode()
    Reviews(Path(sys.argv[1])).add(content, name="a.jpg", predicted="fox", label="coati", models="park")
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    processes = [subprocess.Popen([*command, str(number)], cwd=PROJECT_DIR) for number in range(2)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert len(Reviews(tmp_path).table()) == 200


def test_a_later_review_by_path_alone_counts_for_the_same_photo(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"one")
    add(tmp_path, photo, "coati")
    Reviews(tmp_path).add_all([Review("a.jpg", "fox", "hare", str(photo))])
    assert Reviews(tmp_path).table()["label"].tolist() == ["hare"]
    found = Reviews(tmp_path).of(photo)
    assert found is not None
    assert found.label == "hare"


def test_a_log_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    log = tmp_path / "corrections" / "corrections.jsonl"
    log.parent.mkdir()
    earlier = {"sha256": sha256(b"one").hexdigest(), "name": "a.jpg", "predicted": "fox", "label": "coati"}
    earlier |= {"models": "park", "path": "", "corrected_at": "2026-01-01T00:00:00+00:00", "corrected_by": "ada"}
    log.write_text(f"\n{json.dumps(earlier)}\n")
    found = Reviews(tmp_path).of(b"one")
    assert found is not None
    assert (found.label, found.reviewed_by, found.has_label) == ("coati", "ada", True)


def test_a_killed_writer_leaves_whole_reviews(tmp_path: Path) -> None:
    """What was said to be saved is there, however often its process is killed."""
    script = """
import sys
from pathlib import Path
from wildcam.data.reviews import Review, Reviews
reviews = Reviews(Path(sys.argv[1]))
for number in range(10_000):
    reviews.add_all([Review("a.jpg", "fox", "hare", f"/photos/{sys.argv[2]}/{number}.jpg")])
    print(number, flush=True)
"""
    saved = 0
    for killed in range(5):
        command = [sys.executable, "-c", script, str(tmp_path), str(killed)]
        with subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(3 + killed)]
            process.kill()
            saved += len(said) + len(process.stdout.read().splitlines())
    assert saved <= len(Reviews(tmp_path).history()) <= saved + 5


def test_a_full_disk_saves_none_of_them_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(tmp_path, b"one", "coati")
    monkeypatch.setattr("os.write", lambda descriptor, content: 10)
    with pytest.raises(DataError, match="cannot be saved"):
        Reviews(tmp_path).add_all([Review("a.jpg", "fox", "hare", "/a.jpg")])
    monkeypatch.undo()
    assert Reviews(tmp_path).table()["label"].tolist() == ["coati"]


def test_copies_of_a_photo_have_its_latest_label(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path / "home")
    for name, label in (("one", "human"), ("other", "fox"), ("third", "deer")):
        (tmp_path / name).write_bytes(b"third" if name == "third" else b"copy")
        reviews.add(str(tmp_path / name), name=name, predicted="", label=label, models="")
    assert reviews.labels() == {
        str(tmp_path / "one"): "fox",
        str(tmp_path / "other"): "fox",
        str(tmp_path / "third"): "deer",
    }


def test_what_is_removed_is_gone_and_later_reviews_are_read(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path / "home")
    for number in range(3):
        (tmp_path / f"{number}.jpg").write_bytes(b"%d" % number)
        add(tmp_path / "home", tmp_path / f"{number}.jpg", f"label {number}")
    assert reviews.remove([str(tmp_path / "1.jpg")], []) == 1
    assert sorted(reviews.labels().values()) == ["label 0", "label 2"]
    add(tmp_path / "home", tmp_path / "1.jpg", "again, with a label that makes the file longer than it was before")
    assert len(reviews.labels()) == 3


def test_another_log_in_its_place_is_read_from_its_beginning(tmp_path: Path) -> None:
    log = tmp_path / "corrections" / "corrections.jsonl"
    for label in ("fox", "hare"):
        Reviews(tmp_path).add_all([Review("a.jpg", "", label, "/a.jpg"), Review("b.jpg", "", label, "/b.jpg")])
    assert set(Reviews(tmp_path).labels().values()) == {"hare"}
    content = log.read_bytes().replace(b"hare", b"mink")  # as long as before, and perhaps the same inode
    log.write_bytes(content)
    assert set(Reviews(tmp_path).labels().values()) == {"mink"}
    log.unlink()
    assert Reviews(tmp_path).labels() == {}


def test_of_two_paths_to_a_photo_the_later_review_comes_last(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path)
    for number in range(20):
        reviews.add_all([Review("a.jpg", "", f"label {number}", f"/photos/{number * 7 % 20}.jpg")])
    assert list(reviews.labels().values()) == [f"label {number}" for number in range(20)]


def test_a_review_that_comes_while_others_are_removed_is_kept(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from wildcam.data.reviews import Review, Reviews
for number in range(200):
    Reviews(Path(sys.argv[1])).add_all([Review("a.jpg", "fox", "hare", f"/kept/{number}.jpg")])
"""
    reviews = Reviews(tmp_path)
    reviews.add_all([Review("a.jpg", "", "fox", f"/gone/{number}.jpg") for number in range(300)])
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=PROJECT_DIR) as writer:
        number = 0
        while writer.poll() is None and number < 300:
            reviews.remove([f"/gone/{number}.jpg"], [])
            number += 1
    assert writer.returncode == 0
    assert len([path for path in Reviews(tmp_path).labels() if path.startswith("/kept/")]) == 200


def test_a_layer_after_a_removal_is_not_taken_for_the_one_before(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path)
    reviews.add_all([Review("a.jpg", "", "fox", "/photos/a.jpg")])
    before = reviews.below(Path("/photos"))
    reviews.remove(["/photos/a.jpg"], [])
    reviews.add_all([Review("b.jpg", "", "hare", "/photos/b.jpg")])
    assert repr(reviews.below(Path("/photos"))) != repr(before)
