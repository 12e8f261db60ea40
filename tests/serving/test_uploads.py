"""What a browser hands in: images, ZIPs of every kind of ill will, and what is no image at all."""

import io
import stat
import struct
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable

import pytest

from wildcam.data.importers.packed import UPLOAD_COMMENT
from wildcam.data.passed_over import PassedOver
from wildcam.errors import ImageError
from wildcam.serving import uploads
from wildcam.serving.uploads import UploadedFile, read_uploads

ZipOf = Callable[..., io.BytesIO]


def zip_of(*members: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content


def only(found: list[UploadedFile]) -> UploadedFile:
    (one,) = found
    return one


def sentence(one: UploadedFile) -> str:
    with pytest.raises(ImageError) as raised:
        one.content()
    return str(raised.value)


def test_images_and_the_members_of_zips_come_in_their_order() -> None:
    card = zip_of(("DCIM/100A/1.jpg", b"one"), ("DCIM/100A/", b""), ("2.jpg", b"two"))
    found = read_uploads([("a.jpg", io.BytesIO(b"alone")), ("card.zip", card), ("b.jpg", io.BytesIO(b"last"))])
    assert [(one.name, one.folder, one.content()) for one in found] == [
        ("a.jpg", "", b"alone"),
        ("1.jpg", "card.zip/DCIM/100A", b"one"),
        ("2.jpg", "card.zip", b"two"),
        ("b.jpg", "", b"last"),
    ]


def test_a_folder_that_is_handed_in_keeps_its_folders_apart() -> None:
    found = read_uploads([(f"survey/{camera}/IMG_1.jpg", io.BytesIO(b"x")) for camera in ("north", "south")])
    assert [(one.folder, one.name) for one in found] == [("survey/north", "IMG_1.jpg"), ("survey/south", "IMG_1.jpg")]


def test_files_that_the_page_packed_are_as_if_they_came_one_by_one() -> None:
    card = zip_of((".cache/north/IMG_1.jpg", b"x"), ("2.jpg", b"y"), ("a/__MACOSX/._2.jpg", b"z"))
    with zipfile.ZipFile(card, "a") as archive:
        archive.comment = UPLOAD_COMMENT
    passed_over: Counter[PassedOver] = Counter()
    found = read_uploads([("survey.zip", card)], passed_over)
    assert [(one.folder, one.name) for one in found] == [(".cache/north", "IMG_1.jpg"), ("", "2.jpg")]
    assert passed_over == {PassedOver.HIDDEN: 1}


def test_a_content_may_be_read_again() -> None:
    one = only(read_uploads([("a.jpg", io.BytesIO(b"alone"))]))
    assert one.content() == one.content() == b"alone"


@pytest.mark.parametrize("path", ["../../etc/x.jpg", "/etc/x.jpg", "..\\..\\x.jpg", "C:\\photos\\x.jpg"])
def test_paths_that_lead_out_of_the_zip_are_only_shown_cleaned(path: str) -> None:
    one = only(read_uploads([("card.zip", zip_of((path, b"x")))]))
    assert one.name == "x.jpg"
    assert ".." not in one.folder
    assert ":" not in one.folder
    assert one.folder.startswith("card.zip")


def test_what_systems_leave_is_passed_over_and_counted() -> None:
    junk = ("__MACOSX/._1.jpg", ".DS_Store", "Thumbs.db", "a/desktop.ini", ".hidden/1.jpg", "#recycle/2.jpg")
    card = zip_of(*((name, b"x") for name in junk), ("1.jpg", b"one"))
    passed_over: Counter[PassedOver] = Counter()
    read = read_uploads([("card.zip", card), ("survey/@eaDir/3.jpg", io.BytesIO(b"x"))], passed_over)
    assert only(read).name == "1.jpg"
    assert passed_over == {PassedOver.HIDDEN: 5, PassedOver.DELETED: 1, PassedOver.THUMBNAIL: 1}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("IMG.HEIC", "Most Compatible"),
        ("IMG.CR2", "raw photo"),
        ("clip.mp4", "video"),
        ("clip.MPG", "video"),
        ("inner.zip", "unpack it first"),
    ],
)
def test_what_is_known_to_be_no_image_gets_its_advice(name: str, words: str) -> None:
    assert words in sentence(only(read_uploads([("card.zip", zip_of((f"a/{name}", b"x")))])))


def test_a_phones_image_under_an_images_name_is_recognised() -> None:
    content = struct.pack(">I", 24) + b"ftypheic" + bytes(100)
    assert "HEIC" in sentence(only(read_uploads([("IMG.jpg", io.BytesIO(content))])))


def test_an_encrypted_member_says_so() -> None:
    card = zip_of(("1.jpg", b"one"))
    data = bytearray(card.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    assert "without a password" in sentence(only(read_uploads([("card.zip", io.BytesIO(bytes(data)))])))


def test_a_symbolic_link_is_not_followed() -> None:
    link = zipfile.ZipInfo("passwd.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "symbolic link" in sentence(only(read_uploads([("card.zip", zip_of((link, b"/etc/passwd")))])))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + bytes(60)])
def test_a_damaged_zip_gets_one_sentence(content: bytes) -> None:
    assert "it is damaged" in sentence(only(read_uploads([("card.zip", io.BytesIO(content))])))


def test_an_upload_of_which_nothing_is_left_says_so() -> None:
    assert "passed over" in sentence(only(read_uploads([("card.zip", zip_of(("__MACOSX/._1.jpg", b"x")))])))
    assert "passed over" in sentence(only(read_uploads([("survey/.thumbs/1.jpg", io.BytesIO(b"x"))])))
    assert read_uploads([]) == []


def test_the_folder_that_was_chosen_may_have_any_name() -> None:
    one = only(read_uploads([("cache/north/1.jpg", io.BytesIO(b"x"))]))
    assert (one.name, one.failure) == ("1.jpg", "")


def test_an_empty_zip_says_so() -> None:
    assert "empty ZIP" in sentence(only(read_uploads([("card.zip", zip_of())])))


def test_a_damaged_member_costs_only_itself() -> None:
    card = zip_of(("1.jpg", bytes(range(256)) * 40), ("2.jpg", b"two"), compression=zipfile.ZIP_DEFLATED)
    data = bytearray(card.getvalue())
    data[45:60] = bytes(15)
    first, second = read_uploads([("card.zip", io.BytesIO(bytes(data)))])
    assert "cannot be unpacked" in sentence(first)
    assert second.content() == b"two"


def test_a_bomb_is_refused_by_its_size_and_one_that_lies_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_IMAGE_BYTES", 4 * 1024**2)
    bomb = zip_of(("bomb.jpg", bytes(200 * 1024**2)))
    assert len(bomb.getvalue()) < 10**6
    assert "has more than 4 MB" in sentence(only(read_uploads([("bomb.zip", bomb)])))
    data = bytearray(bomb.getvalue())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # what the headers say of the size
        place = data.index(mark) + offset
        data[place : place + 4] = struct.pack("<I", 1000)
    liar = only(read_uploads([("bomb.zip", io.BytesIO(bytes(data)))]))
    tracemalloc.start()
    with pytest.raises(ImageError):
        liar.content()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 1024**2


def test_more_images_than_a_session_takes_lead_to_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_IMAGES", 50)
    found = read_uploads([("card.zip", zip_of(*((f"{number}.jpg", b"x") for number in range(60))))])
    assert len(found) == 51
    assert "start a batch" in sentence(found[-1])


def test_a_zip_of_ten_thousand_files_is_listed_without_reading_them() -> None:
    card = zip_of(*((f"{number}.jpg", b"x") for number in range(10_000)), compression=zipfile.ZIP_STORED)
    assert len(read_uploads([("card.zip", card)])) == 10_000


@pytest.mark.parametrize("name", ["a\nb\x00.jpg", "<b>.jpg", "x" * 5000 + ".jpg", "", "ü\u202e.jpg"])
def test_names_are_made_presentable(name: str) -> None:
    shown = only(read_uploads([(name, io.BytesIO(b"x"))])).name
    assert shown.isprintable()
    assert 0 < len(shown) <= uploads.LONGEST_NAME
