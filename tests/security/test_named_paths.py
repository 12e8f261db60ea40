"""A visitor names paths: nothing outside the data folders is opened, shown or copied."""

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.open_page import open_page
from wildcam.data_roots import DataRoots, is_loopback
from wildcam.errors import DataError
from wildcam.exports.formats import Format, export
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.sources import find_images
from wildcam.predictions.submit import make_request
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings

SECRET = "root:x:0:0:the secret of the server"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "private" / "passwd"
    file.parent.mkdir()
    file.write_text(f"{SECRET}\nsecond line\n")
    return file


def sentences(app: AppTest) -> str:
    """Everything that a page says."""
    assert not app.exception, app.exception[0].value
    parts = (app.error, app.warning, app.info, app.markdown, app.text, app.caption, app.success)
    tables = [str(table.value) for table in app.dataframe]
    return "\n".join([*(each.value for part in parts for each in part), *tables]).replace("\\", "")


# The type


@pytest.mark.parametrize("name", ["outside", "link", "../outside", "folder_link/passwd"])
def test_a_path_is_checked_after_links_are_followed(name: str, tmp_path: Path) -> None:
    root = tmp_path / "data"
    root.mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "passwd").touch()
    (root / "link").symlink_to(tmp_path / "outside" / "passwd")
    (root / "folder_link").symlink_to(tmp_path / "outside")
    path = str(tmp_path / name) if name == "outside" else str(root / name)
    with pytest.raises(DataError, match="not in a data folder"):
        DataRoots((root,)).path(path)
    assert DataRoots(None).path(path)


@pytest.mark.parametrize("text", ["nul\x00byte", "~nobody-of-that-name/x", "a" * 5000])
def test_what_is_no_path_is_one_sentence(text: str, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        DataRoots((tmp_path,)).path(text).stat()


def test_a_loop_of_links_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises((DataError, OSError)):
        DataRoots((tmp_path,)).path(str(tmp_path / "a")).stat()


@pytest.mark.parametrize(
    ("address", "local"),
    [("127.0.0.1", True), ("::1", True), ("[::1]", True), ("localhost", True), ("127.8.0.1", True)]
    + [("0.0.0.0", False), ("::", False), (None, False), ("", False), ("192.168.1.4", False), ("example.org", False)],
)
def test_a_loopback_address_is_known(address: str | None, local: bool) -> None:
    assert is_loopback(address) is local


def test_without_named_folders_everything_is_open_on_this_machine_and_nothing_elsewhere(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    assert DataRoots.of_visitors(settings, "127.0.0.1").folders is None
    assert DataRoots.of_visitors(settings, "0.0.0.0").folders == (tmp_path / "home" / "uploads",)


def test_named_folders_hold_on_this_machine_too(data_root: Path) -> None:
    assert DataRoots.of_visitors(load_settings(), "127.0.0.1").folders[0] == data_root


# Batch: a list of files


def test_a_list_that_names_no_photos_shows_none_of_its_lines(store: RunStore, secret: Path) -> None:
    with pytest.raises(DataError, match=r"Line 1 of passwd names no photo") as error:
        find_images(make_request(store, listing=str(secret)), store.settings)
    assert SECRET not in str(error.value)


def test_a_list_cannot_name_photos_outside_the_data_folders(store: RunStore, data_root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere.jpg"
    outside.write_bytes(b"x")
    (data_root / "link.jpg").symlink_to(outside)
    for line in (str(outside), "../elsewhere.jpg", "link.jpg", "/nowhere/at/all.jpg"):
        (data_root / "list.txt").write_text(f"a.jpg\n{line}\n")
        request = make_request(store, listing=str(data_root / "list.txt"), roots=DataRoots((data_root,)).text)
        with pytest.raises(DataError, match=r"Line 2 of list\.txt names a file that is not in a data folder"):
            find_images(request, store.settings)


def test_a_batch_keeps_the_folders_that_it_may_look_into(store: RunStore, data_root: Path, secret: Path) -> None:
    run = store.create(
        Kind.PREDICT, "x", make_request(store, folder=str(secret.parent), roots=DataRoots((data_root,)).text)
    )
    request = PredictionRequest.model_validate(store.get(run.id).params)
    with pytest.raises(DataError, match="not in a data folder"):
        find_images(request, store.settings)


@pytest.mark.usefixtures("open_server")
def test_the_page_batch_reads_nothing_that_a_visitor_may_not_name(store: RunStore, secret: Path) -> None:
    for kind, field in (("List of files", "batch_listing"), ("Folder on the server", "batch_folder")):
        app = open_page("batch")
        app.segmented_control(key="batch_source").set_value(kind).run()
        app.text_input(key=field).set_value(str(secret)).run()
        app.button(key="batch_start").click().run()
        assert "not in a data folder of this server" in sentences(app)
        assert SECRET not in sentences(app)
    assert store.all(Kind.PREDICT) == []


# Export of folders


def test_only_photos_are_copied_whatever_a_batch_is_of(batch_of, tmp_path: Path, image, secret: Path) -> None:
    batch = batch_of(tmp_path / "photos")
    (tmp_path / "photos" / "a.jpg").write_bytes(image(1, 2, 3))
    (tmp_path / "photos" / "b.jpg").write_text("#!/bin/sh\necho mine\n")
    (tmp_path / "photos" / "c.jpg").symlink_to(secret)
    os.mkfifo(tmp_path / "photos" / "d.jpg")
    done = export(Format.FOLDERS, *batch, tmp_path / "sorted")
    copied = [path.name for path in (tmp_path / "sorted").rglob("*") if path.is_file() and path.name[0] != "."]
    assert copied == ["a.jpg"]
    assert done.remarks == (
        "1 photo is missing on disk and was left out.",
        "2 files are no photos and were left out.",
    )


# Add data


@pytest.mark.parametrize("field", ["source", "images", "test", "detector", "ground_truth"])
@pytest.mark.usefixtures("open_server")
def test_the_page_add_reads_nothing_that_a_visitor_may_not_name(
    field: str, store: RunStore, data_root: Path, secret: Path
) -> None:
    (data_root / "iwildcam2020_train_annotations.json").write_text(
        '{"images": [{"id": "a", "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "fox"}], '
        '"annotations": [{"id": "1", "image_id": "a", "category_id": 1}]}'
    )
    good = str(data_root / "iwildcam2020_train_annotations.json")
    app = open_page("add", **({"source": good} | {field: str(secret.parent if field == "images" else secret)}))
    while asked := [button for button in app.button if button.label == "Preview"]:
        asked[0].click().run()
    assert "not in a data folder of this server" in sentences(app)
    assert SECRET not in sentences(app)


@pytest.mark.usefixtures("open_server")
def test_the_page_add_does_not_tell_what_lies_elsewhere(store: RunStore, data_root: Path, secret: Path) -> None:
    there, gone = (sentences(open_page("add", source=str(path))) for path in (secret, secret.with_name("nothing")))
    assert there.replace("passwd", "nothing") == gone


@pytest.mark.usefixtures("open_server")
def test_no_page_tells_where_the_home_is(store: RunStore) -> None:
    app = open_page("add", source="relative.json")
    assert str(store.settings.home) not in sentences(app)
    assert os.getcwd() not in sentences(app)
