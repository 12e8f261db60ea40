"""Pipes, devices, sockets and folders with the name of a file: a sentence or a status at once, and the rest goes on."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.open_page import open_page
from wildcam.data.importers import IMPORTERS, ImportOptions, import_dataset, recognise, try_import
from wildcam.data.photo_walk import PhotoWalk
from wildcam.errors import DataError, ImageError, WildcamError
from wildcam.images import load_rgb, stored_size
from wildcam.quality.measure import measure
from wildcam.regular_files import TooLarge, read_regular
from wildcam.runs.store import RunStore

pytestmark = pytest.mark.timeout(60)  # the fault is to wait for ever


@pytest.fixture(params=["pipe", "device", "socket", "folder"])
def special(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Put something that is no file under a name."""
    sockets: list[socket.socket] = []

    def make(name: str) -> Path:
        path = tmp_path / name
        match request.param:
            case "pipe":
                os.mkfifo(path)
            case "device":
                path.symlink_to("/dev/zero")
            case "socket":
                sockets.append(socket.socket(socket.AF_UNIX))
                here = os.open(tmp_path, os.O_RDONLY)
                sockets[-1].bind(f"/proc/self/fd/{here}/{name}")  # names of sockets are short
                os.close(here)
            case "folder":
                path.mkdir()
        return path

    yield make
    for each in sockets:
        each.close()


@pytest.mark.parametrize("format", [None, *IMPORTERS])
@pytest.mark.parametrize("name", ["x.json", "x.csv", "x.zip"])
def test_no_importer_waits_or_ends_without_a_sentence(
    special: Callable[[str], Path], name: str, format: str | None, tmp_path: Path
) -> None:
    with pytest.raises(DataError):
        try_import(special(name), format=format)


@pytest.mark.parametrize("option", ["test_source", "detector", "ground_truth"])
def test_no_file_beside_the_source_makes_it_wait(
    special: Callable[[str], Path], option: str, tmp_path: Path, image: Callable[..., bytes]
) -> None:
    (tmp_path / "table.csv").write_text("filename,label\na.jpg,fox\n")
    (tmp_path / "iwildcam2020_train_annotations.json").write_text('{"images": [], "categories": [], "annotations": []}')
    source = tmp_path / ("iwildcam2020_train_annotations.json" if option == "test_source" else "table.csv")
    with pytest.raises(DataError):
        try_import(source, options=ImportOptions(**{option: special("more.json")}))


def test_a_photo_that_is_none_is_said_at_once(special: Callable[[str], Path]) -> None:
    path = special("x.jpg")
    with pytest.raises(ImageError, match=r"x\.jpg cannot be opened \(.*\): expected a file"):
        load_rgb(path)
    with pytest.raises(ImageError):
        stored_size(path)
    assert measure(path).status == "unreadable"
    assert not measure(path).is_refused


@pytest.mark.parametrize(
    "name", ["x.jpg", "x", "datapackage.json", "metadata.csv", "images.csv", "iwildcam2020_train_annotations.json"]
)
def test_a_folder_of_photos_is_imported_without_what_is_no_file(
    special: Callable[[str], Path], name: str, tmp_path: Path, image: Callable[..., bytes]
) -> None:
    (tmp_path / "fox").mkdir()
    (tmp_path / "fox" / "a.jpg").write_bytes(image(1, 2, 3))
    special(name)
    assert recognise(tmp_path) == "folders"
    walk = PhotoWalk(tmp_path)
    assert list(walk) == ["fox/a.jpg"]
    dataset = import_dataset(tmp_path / ".home", tmp_path, name="x")
    assert dataset.index["path"].tolist() == ["fox/a.jpg"]


def test_a_table_that_lists_what_is_no_file_calls_it_missing(
    special: Callable[[str], Path], tmp_path: Path, image: Callable[..., bytes]
) -> None:
    special("x.jpg")
    (tmp_path / "a.jpg").write_bytes(image(1, 2, 3))
    (tmp_path / "table.csv").write_text("filename,label\na.jpg,fox\nx.jpg,fox\n")
    index = import_dataset(tmp_path / ".home", tmp_path / "table.csv", name="x").index
    assert index["status"].tolist() == ["ok", "missing"]


def test_a_list_of_a_batch_is_a_file(special: Callable[[str], Path], store: RunStore) -> None:
    from wildcam.predictions.sources import find_images
    from wildcam.predictions.submit import make_request

    with pytest.raises(WildcamError):
        find_images(make_request(store, listing=str(special("list.txt"))), store.settings)


def test_a_file_that_would_fill_the_memory_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "x.json").open("wb") as file:
        file.truncate(3 * 1000**3)  # takes no space
    with pytest.raises(TooLarge):
        read_regular(tmp_path / "x.json", 2 * 1000**3)
    with pytest.raises(DataError, match="3,000 MB, and at most 2,000 MB are read"):
        try_import(tmp_path / "x.json", format="coco")


def test_the_page_add_stays_where_the_address_names_a_device(store: RunStore) -> None:
    began = time.monotonic()
    app: AppTest = open_page("add", source="/dev/zero", format="coco")
    app.button(key="add_preview_source").click().run()
    assert time.monotonic() - began < 30
    assert "not a file" in app.error[0].value
