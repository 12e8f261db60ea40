"""Times and cameras of headers: in whichever tag, directory and maker note they stand."""

import struct
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from wildcam.data.importers.contract import ImportOptions, Remarks
from wildcam.data.importers.exif import read_headers
from wildcam.data.importers.folders import read as read_folder
from wildcam.data.importers.header_columns import cameras, cameras_of_uploads, columns_of_headers, shot_of
from wildcam.data.importers.reconyx import read_note
from wildcam.data.sequences import sequence_of

SHOT, ORIGINAL, DIGITIZED, CHANGED, MODEL, SERIAL, NOTE = 0x8769, 0x9003, 0x9004, 0x0132, 0x0110, 0xA431, 0x927C
ZONE = 0x9011
TIME = "2019:03:02 21:05:06"


def photo(path: Path, image: dict[int, Any] | None = None, shot: dict[int, Any] | None = None) -> Path:
    exif = Image.Exif()
    exif.update(image or {})
    if shot:
        exif[SHOT] = shot
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (16, 12), (len(str(path)), 0, 0)).save(path, exif=exif)
    return path


def written(folder: Path) -> list[str | None]:
    table = read_headers(folder, sorted(path.name for path in folder.iterdir()))
    return [None if pd.isna(value) else str(value) for value in table["taken_at"]]


@pytest.mark.parametrize(
    ("image", "shot"),
    [
        ({}, {ORIGINAL: TIME}),
        ({CHANGED: "2022:01:01 00:00:00"}, {ORIGINAL: TIME, DIGITIZED: "2020:01:01 00:00:00"}),
        ({CHANGED: "2022:01:01 00:00:00"}, {DIGITIZED: TIME}),
        ({CHANGED: TIME}, {ORIGINAL: "0000:00:00 00:00:00", DIGITIZED: "    :  :     :  :  "}),
        ({CHANGED: TIME}, {ORIGINAL: "2019:00:00 00:00:00"}),
        ({ORIGINAL: TIME, CHANGED: "2022:01:01 00:00:00"}, {}),  # the right tag in the wrong directory
        ({}, {CHANGED: TIME}),
    ],
)
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_the_first_tag_with_a_date_counts(
    suffix: str, image: dict[int, Any], shot: dict[int, Any], tmp_path: Path
) -> None:
    photo(tmp_path / f"a.{suffix}", image, shot)
    assert written(tmp_path) == [TIME]


def test_bytes_are_text_and_end_at_their_nul(tmp_path: Path) -> None:
    content = photo(tmp_path / "a.jpg", shot={ORIGINAL: TIME}).read_bytes()
    entry = struct.pack(">HHI", ORIGINAL, 2, 20)
    at = content.find(entry)
    assert at > 0
    as_bytes = content[:at] + struct.pack(">HHI", ORIGINAL, 7, 20) + content[at + 8 :]  # of undefined type
    (tmp_path / "a.jpg").write_bytes(as_bytes)
    assert written(tmp_path) == [TIME]


def test_the_zone_of_the_camera_is_kept(tmp_path: Path) -> None:
    photo(tmp_path / "a.jpg", shot={ORIGINAL: TIME, ZONE: "+05:30"})
    table = columns_of_headers(tmp_path, ["a.jpg"], Remarks())
    assert table.loc[0, "taken_at"] == pd.Timestamp("2019-03-02 21:05:06")
    assert table.loc[0, "utc_offset"] == 330


def test_a_placeholder_is_no_time_and_needs_no_word(tmp_path: Path) -> None:
    photo(tmp_path / "a.jpg", {CHANGED: "0000:00:00 00:00:00"}, {ORIGINAL: ":: ::"})
    remarks = Remarks()
    assert columns_of_headers(tmp_path, ["a.jpg"], remarks)["taken_at"].isna().all()
    assert not remarks.all()


def words(note: bytearray, at: int, *values: int) -> None:
    struct.pack_into(f"<{len(values)}H", note, at, *values)


def hyperfire(event: int, second: int) -> bytes:
    note = bytearray(0x60)
    words(note, 0, 0xF101, 3)
    words(note, 0x12, event >> 16, event & 0xFFFF)
    words(note, 0x16, second, 5, 21, 3, 2, 2019)
    note[0x0C:0x0E] = b"M\0"
    note[0x2A:0x48] = "H500".encode("utf-16-le").ljust(30, b"\0")
    return bytes(note)


def hyperfire_2(event: int, second: int) -> bytes:
    note = bytearray(b"RECONYXH2\0".ljust(0xA0, b"\0"))
    words(note, 0x3A, event >> 16, event & 0xFFFF)
    words(note, 0x3E, second, 5, 21, 2, 3, 2019)  # the day before the month
    note[0x7E:0x9C] = "H2X1".encode("utf-16-le").ljust(30, b"\0")
    return bytes(note)


def ultrafire(event: int, second: int) -> bytes:
    note = bytearray(b"RECONYXUF\0".ljust(0x70, b"\0"))
    struct.pack_into("<I", note, 0x37, event)
    struct.pack_into("<5BH", note, 0x3B, second, 5, 21, 2, 3, 2019)
    note[0x4B:0x5A] = b"UF77".ljust(15, b"\0")
    return bytes(note)


@pytest.mark.parametrize(("make", "serial"), [(hyperfire, "H500"), (hyperfire_2, "H2X1"), (ultrafire, "UF77")])
def test_reconyx_notes_hold_time_event_and_serial_number(make: Any, serial: str) -> None:
    found = read_note(make(70_000, 6))
    assert found is not None
    assert (found.taken_at, found.event, found.serial) == (TIME, 70_000, serial)
    assert read_note(make(7, 6)[:0x18]) is None


def test_a_time_with_the_high_byte_first_is_read() -> None:
    note = bytearray(hyperfire(1, 6))
    struct.pack_into(">6H", note, 0x16, 6, 5, 21, 3, 2, 2019)
    found = read_note(bytes(note))
    assert found is not None
    assert found.taken_at == TIME


@pytest.mark.parametrize("make", [hyperfire, hyperfire_2])
def test_the_events_of_the_camera_are_the_bursts(make: Any, tmp_path: Path) -> None:
    for number, event in enumerate((7, 7, 8, 8)):
        photo(tmp_path / f"cam/{number}.jpg", shot={NOTE: make(event, number)})
    index = read_folder(tmp_path, ImportOptions()).index
    assert index["taken_at"].dt.second.tolist() == [0, 1, 2, 3]
    assert sequence_of(index).tolist() == [0, 0, 1, 1]


def test_two_bodies_at_one_location_are_two_cameras(tmp_path: Path) -> None:
    for number, serial in enumerate(("A1", "B2", "A1", "B2")):
        photo(tmp_path / f"IMG_{number}.jpg", {MODEL: "X"}, {ORIGINAL: f"2019:03:02 21:05:0{number}", SERIAL: serial})
    index = read_folder(tmp_path, ImportOptions()).index
    assert index["camera"].tolist() == ["X A1", "X B2", "X A1", "X B2"]
    bursts = sequence_of(index)
    assert bursts[0] == bursts[2] != bursts[1] == bursts[3]


def text(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="string")


def test_a_mark_of_copies_is_another_card_unless_it_is_a_copy() -> None:
    paths = text("a/I1.JPG", "a/I1 (2).JPG", "a/I2.JPG", "a/I2 - Copy.JPG", "a/I3 (1).JPG")
    times = pd.Series(pd.Timestamp("2019-03-02 10:00") + pd.to_timedelta([0, 1, 2, 2, 3], "min"))
    found = cameras(paths, text(None, None, None, None, None), times)
    assert found.fillna("").tolist() == ["", "card 2", "", "", ""]
    assert cameras(paths, text("B", "B", "B", "B", "B"), times).tolist() == ["B"] * 5


def test_an_upload_whose_name_comes_again_is_of_another_card(tmp_path: Path) -> None:
    shots = [
        shot_of(photo(tmp_path / f"{number}.jpg", shot={ORIGINAL: f"2019:03:02 10:00:0{number}"}).read_bytes())
        for number in range(4)
    ]
    assert cameras_of_uploads(pd.Series(["/1.jpg", "/2.jpg", "/1.jpg", "/2.jpg"]), shots).tolist() == [
        "",
        "",
        "card 2",
        "card 2",
    ]
    assert shots[1].taken_at == pd.Timestamp("2019-03-02 10:00:01")
    assert shot_of(b"no photo").taken_at is None
