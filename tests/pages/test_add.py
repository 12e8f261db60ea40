"""The Add data page: from a path or an upload over a preview to a data set, and what happens on errors."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.add.more_files import FIELDS
from pages.widgets.markdown import literal
from wildcam.data.catalog import Dataset, list_datasets, open_dataset
from wildcam.data.importers import import_dataset
from wildcam.errors import RunError
from wildcam.quality.submit import CheckRequest
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.settings import PROJECT_DIR

APP = PROJECT_DIR / "app.py"
COLUMNS = ["Photo file", "Label (species)", "Location", "Date and time"]
UPLOAD = "upload"

OpenPage = Callable[..., AppTest]


@pytest.fixture
def home(new_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WILDCAM_MODELS", str(tmp_path / "models"))
    return new_home


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of data sets whose check was started; no process is."""
    names: list[str] = []

    def submit(store: RunStore, name: str) -> Run:
        names.append(name)
        return store.create(Kind.CHECK, f"check of {name}", CheckRequest(dataset=name))

    monkeypatch.setattr("pages.add.check.submit_check", submit)
    return names


def read_linked(page: AppTest) -> AppTest:
    """Click Preview where a link has named a path: it is not read before."""
    for button in page.button:
        if button.label == "Preview":
            return button.click().run()
    return page


@pytest.fixture
def add_page(home: Path, checked: list[str]) -> OpenPage:
    def open_with(**address: object) -> AppTest:
        page = AppTest.from_file(APP, default_timeout=60).run()  # `switch_page` knows the pages of the run before
        page.switch_page("pages/add/page.py")
        page.query_params.update({name: str(value) for name, value in address.items()})
        page.run()
        assert not page.exception
        return read_linked(page)

    return open_with


@pytest.fixture
def source(tmp_path: Path, image: Callable[..., bytes]) -> Path:
    """A table with two of its three images beside it."""
    folder = tmp_path / "Reserve 2024"
    folder.mkdir()
    for name in ("1.jpg", "2.jpg"):
        (folder / name).write_bytes(image(40, 210, 40))
    return write(folder / "metadata.csv", "file,species,station,date", *ROWS)


ROWS = ("1.jpg,fox,A1,2024-01-02 10:00", "2.jpg,empty,A1,2024-01-02 11:00", "3.jpg,human,B2,2024-01-03 12:00")


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join((*lines, "")))
    return path


def texts(page: AppTest) -> str:
    kinds = (page.text, page.markdown, page.caption, page.info, page.success, page.warning, page.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind).replace("\\", "")


def field(kind: Any, label: str) -> Any:
    return next(element for element in kind if element.label == label)


def rows(page: AppTest) -> Any:
    return page.dataframe[0].value


def choose(page: AppTest, **columns: str) -> AppTest:
    for label, column in columns.items():
        field(page.selectbox, label).set_value(column)
    return run(page)


def run(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def start(page: AppTest) -> AppTest:
    assert not page.button(key="add_start").disabled
    page.button(key="add_start").click()
    return run(page)


def upload(page: AppTest, content: bytes, name: str, number: int = 0) -> AppTest:
    page.file_uploader[number].set_value((name, content, "text/csv"))
    return run(page)


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def stored(home: Path, name: str) -> Dataset:
    return open_dataset(home / "datasets", name)


def kept_files(home: Path) -> list[str]:
    """What lies under `uploads`, but for what is only looked at."""
    folder = home / "uploads"
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return sorted(name for name in found if not name.startswith(".previews/"))


def test_without_a_source_the_page_says_what_can_be_brought_in(add_page: OpenPage) -> None:
    page = add_page()
    assert "COCO Camera Traps" in texts(page)
    assert not page.error
    assert not page.button


@pytest.mark.parametrize("path", ["/nowhere/labels.csv", "/nowhere\0", "x" * 5000, "~nobody-of-that-name/x"])
def test_an_unknown_path_gets_a_sentence(add_page: OpenPage, path: str) -> None:
    page = add_page(**{"from": "server"})
    page.text_input(key="address_source").set_value(path).run()
    assert not page.exception
    assert "Check the path" in page.error[0].value
    assert not page.button


def test_a_table_is_shown_before_anything_is_kept(add_page: OpenPage, home: Path, source: Path) -> None:
    page = add_page(**{"from": "server"})
    page.text_input(key="address_source").set_value(f'"{source}"').run()  # as Windows copies a path
    assert field(page.selectbox, "Format").value == "csv"
    assert list(rows(page)) == COLUMNS
    assert metrics(page) == {"Photos": "3", "Locations": "2", "Labels": "3", "Files found": "2 of 3"}
    assert f"Not in {source.parent}: 1 of 3 sampled photos" in texts(page)
    assert {"empty", "human", "all other labels (1)"} <= {text.value for text in page.text}
    assert field(page.text_input, "Name of the data set").value == "Reserve-2024"
    assert not list_datasets(home / "datasets")


def test_a_table_becomes_a_data_set_and_its_check_starts(
    add_page: OpenPage, home: Path, source: Path, checked: list[str]
) -> None:
    page = start(add_page(source=source))
    assert stored(home, "Reserve-2024").info.source == str(source)
    assert checked == ["Reserve-2024"]
    assert metrics(page) == {"Photos": "3", "Locations": "2", "Labels": "3", "Missing files": "1"}
    assert f"**1 ×** photo that is not in {source.parent}: missing" in texts(page)
    assert page.query_params["added"] == "Reserve-2024"
    links = {link.proto.label: link.proto.query_string for link in page.get("page_link")}
    assert links["Explore"] == "dataset=Reserve-2024"
    assert links["Photos"] == "dataset=Reserve-2024&section=photos"
    assert links["File check"] == "dataset=Reserve-2024&section=quality"
    assert links["Its run"] == f"run={page.query_params['check']}"
    assert "Check of all files, in the background" in texts(page)
    page.button(key="add_another").click()
    assert run(page).query_params == {"dataset": "Reserve-2024"}


def test_no_check_starts_that_was_not_wanted(add_page: OpenPage, source: Path, checked: list[str]) -> None:
    page = add_page(source=source)
    page.checkbox(key="add_check").uncheck()
    page = start(page)
    assert checked == []
    assert "File check" not in [link.proto.label for link in page.get("page_link")]


def test_a_check_that_cannot_start_does_not_undo_the_data_set(
    add_page: OpenPage, home: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(store: object, name: str) -> None:
        raise RunError("No room.")

    monkeypatch.setattr("pages.add.check.submit_check", refuse)
    page = start(add_page(source=source))
    assert "The check did not start. No room." in texts(page)
    assert stored(home, "Reserve-2024").info.images == 3


def test_a_folder_of_images_is_a_data_set_by_itself(
    add_page: OpenPage, home: Path, tmp_path: Path, image: Callable[..., bytes]
) -> None:
    for label in ("fox", "empty"):
        (tmp_path / "wild" / label).mkdir(parents=True)
        (tmp_path / "wild" / label / "1.jpg").write_bytes(image(40, 210, 40))
    page = add_page(source=tmp_path / "wild")
    assert field(page.selectbox, "Format").value == "folders"
    assert set(rows(page)["Label (species)"]) == {"fox", "empty"}
    start(page)
    assert stored(home, "wild").info.images == 2


def test_a_table_with_columns_of_its_own_names_is_mapped_by_hand(add_page: OpenPage, home: Path, source: Path) -> None:
    odd = write(source.parent / "liste.csv", "Beleg;Fund;Kasten;Moment", *(row.replace(",", ";") for row in ROWS))
    page = add_page(source=odd)
    assert field(page.selectbox, "Format").value == "csv"
    assert list(rows(page)) == COLUMNS[:1]  # recognised from the content
    page = choose(page, **dict(zip(COLUMNS[1:], ("Fund", "Kasten", "Moment"), strict=True)))
    assert list(rows(page)) == COLUMNS
    assert metrics(page)["Locations"] == "2"
    start(page)
    index = stored(home, "liste").index
    assert index["label"].to_list() == ["fox", "empty", "human"]
    assert index["taken_at"].notna().all()


def test_without_a_column_for_the_files_nothing_can_be_added(add_page: OpenPage, tmp_path: Path) -> None:
    page = add_page(source=write(tmp_path / "odd.csv", "Tier,Standort", "fox,A1"))
    assert "no column of photo file names that is recognised" in texts(page)
    assert not page.button
    page = choose(page, **{"Photo file": "Tier"})
    assert page.button(key="add_start")


def test_a_wrong_guess_of_a_column_is_overridden(add_page: OpenPage, home: Path, source: Path) -> None:
    write(source, "file,category,species", "1.jpg,mammal,fox", "2.jpg,bird,tit")
    page = add_page(source=source)
    assert rows(page)["Label (species)"].to_list() == ["fox", "tit"]
    page = choose(page, **{"Label (species)": "category"})
    assert rows(page)["Label (species)"].to_list() == ["mammal", "bird"]
    start(page)
    assert stored(home, "Reserve-2024").index["label"].to_list() == ["mammal", "bird"]


def test_a_guessed_column_can_be_cleared(add_page: OpenPage, home: Path, source: Path) -> None:
    page = choose(add_page(source=source), Location="")
    assert "Location" not in rows(page)
    start(page)
    assert stored(home, "Reserve-2024").index["location"].isna().all()


def test_a_wrong_guess_of_the_format_is_overridden(add_page: OpenPage, home: Path, source: Path) -> None:
    page = add_page(source=source.parent)
    assert field(page.selectbox, "Format").value == "folders"
    write(source, "file,split,y,location_remapped,filename,image_id", "1.jpg,0,1,7,1.jpg,a")
    page = add_page(source=source)
    assert field(page.selectbox, "Format").value == "wilds"
    field(page.selectbox, "Format").set_value("csv")
    page = run(page)
    assert page.query_params["format"] == "csv"
    start(page)
    assert stored(home, "Reserve-2024").info.format == "csv"


def test_a_format_that_does_not_fit_says_so(add_page: OpenPage, source: Path) -> None:
    page = add_page(source=source, format="coco")
    assert "metadata.csv is not valid JSON" in texts(page)
    assert not page.button


def test_what_is_no_data_set_says_what_it_is(add_page: OpenPage, tmp_path: Path) -> None:
    detector = {"images": [], "detection_categories": {"1": "animal"}}
    page = add_page(source=write(tmp_path / "results.json", json.dumps(detector)))
    assert "is a detector's result, not a data set" in texts(page)
    assert not page.button


@pytest.mark.parametrize("name", ["a b", "../x", "", ".hidden", "x" * 65])
def test_a_bad_name_gets_a_sentence_and_no_data_set(add_page: OpenPage, home: Path, source: Path, name: str) -> None:
    page = add_page(source=source)
    field(page.text_input, "Name of the data set").set_value(name)
    page = run(page)
    assert "cannot be a name" in texts(page)
    assert page.button(key="add_start").disabled


def test_a_taken_name_is_replaced_only_on_request(add_page: OpenPage, home: Path, source: Path) -> None:
    old = write(source.parent / "old.csv", "file,species", "1.jpg,tit")
    import_dataset(home / "datasets", old, name="Reserve-2024")
    page = add_page(source=source)
    assert field(page.text_input, "Name of the data set").value == "Reserve-2024-2"
    assert not [box for box in page.checkbox if box.label.startswith("Replace")]
    field(page.text_input, "Name of the data set").set_value("Reserve-2024")
    page = run(page)
    assert page.button(key="add_start").disabled
    field(page.checkbox, "Replace the data set of this name").check()
    start(run(page))
    assert stored(home, "Reserve-2024").info.images == 3


def test_the_folder_of_the_images_can_be_elsewhere(add_page: OpenPage, home: Path, source: Path) -> None:
    (source.parent.parent / "tables").mkdir()
    elsewhere = write(source.parent.parent / "tables" / "labels.csv", *source.read_text().splitlines())
    page = add_page(source=elsewhere)
    assert metrics(page)["Files found"] == "0 of 3"
    page.text_input(key="address_images").set_value(str(source.parent)).run()
    assert metrics(page)["Files found"] == "2 of 3"
    page = start(page)
    assert stored(home, page.query_params["added"]).info.root == source.parent


def test_a_file_that_is_named_and_not_there_stops_the_import(add_page: OpenPage, source: Path) -> None:
    page = add_page(source=source, images=source.parent / "1.jpg")
    assert "expected the photo folder" in texts(page)
    assert not page.button
    page = add_page(source=source, detector="/nowhere.json")
    assert "/nowhere.json is missing" in texts(page)
    assert not page.button


def test_labels_and_detections_come_from_further_files(add_page: OpenPage, home: Path, source: Path) -> None:
    write(source, "file,station", "1.jpg,A1", "2.jpg,A1")
    ground_truth = write(source.parent / "truth.csv", "image_id,label", "1.jpg,fox")
    results = {
        "images": [{"file": "1.jpg", "detections": [{"category": "1", "conf": 0.9, "bbox": [0.1, 0.1, 0.5, 0.5]}]}],
        "detection_categories": {"1": "animal"},
        "info": {"format_version": "1.3"},
    }
    detector = write(source.parent / "results.json", json.dumps(results))
    page = add_page(source=source, ground_truth=ground_truth, detector=detector)
    assert metrics(page)["Labels"] == "1"
    start(page)
    index = stored(home, "Reserve-2024").index
    assert index["label"].to_list()[0] == "fox"
    assert index["detector_confidence"].to_list()[0] == pytest.approx(0.9)


def test_an_upload_is_kept_with_its_data_set(add_page: OpenPage, home: Path, source: Path, checked: list[str]) -> None:
    page = upload(add_page(**{"from": UPLOAD}), source.read_bytes(), "übersicht 2024.csv")
    assert "Figures only, no photos" in texts(page)
    assert "Files found" not in metrics(page)
    assert kept_files(home) == []
    page = start(page)
    name = page.query_params["added"]
    assert name == "bersicht-2024"
    assert stored(home, name).info.source == str(home / "uploads" / name / "übersicht 2024.csv")
    assert Path(stored(home, name).info.source).read_bytes() == source.read_bytes()
    assert not list((home / "uploads" / ".previews").iterdir())
    assert checked == []  # there are no files to check


def test_an_upload_can_have_its_images_on_the_server(add_page: OpenPage, home: Path, source: Path) -> None:
    page = read_linked(upload(add_page(**{"from": UPLOAD}, images=source.parent), source.read_bytes(), "mine.csv"))
    assert metrics(page)["Files found"] == "2 of 3"
    start(page)
    assert stored(home, "mine").image_path("1.jpg").exists()


def test_further_uploads_are_kept_with_it(add_page: OpenPage, home: Path) -> None:
    page = upload(add_page(**{"from": UPLOAD}), b"file,station\n1.jpg,A1\n2.jpg,A1\n", "mine.csv")
    number = [uploader.label for uploader in page.file_uploader].index(FIELDS["ground_truth"][0])
    page = upload(page, b"image_id,label\n1.jpg,fox\n", "mine.csv", number)
    start(page)
    assert kept_files(home) == ["mine/mine-2.csv", "mine/mine.csv"]
    assert stored(home, "mine").index["label"].dropna().to_list() == ["fox"]


def test_a_zip_is_unpacked_and_several_files_are_chosen_from(add_page: OpenPage, home: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.csv", "file,species\n1.jpg,fox\n")
        archive.writestr("b.csv", "file,species\n1.jpg,tit\n2.jpg,tit\n")
    page = upload(add_page(**{"from": UPLOAD}), content.getvalue(), "both.zip")
    field(page.selectbox, "File in the zip").set_value("b.csv")
    start(run(page))
    assert stored(home, "b").info.images == 2
    assert kept_files(home) == ["b/a.csv", "b/b.csv"]


def test_files_of_a_zip_that_belong_together_are_one_source(add_page: OpenPage, home: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        header = "split,y,location,location_remapped,filename,image_id,datetime"
        archive.writestr("data/metadata.csv", f"{header}\n0,1,7,3,a.jpg,a,2013-06-05 10:02:00\n")
        archive.writestr("data/categories.csv", "y,category_id,name\n1,24,fox\n")
    page = upload(add_page(**{"from": UPLOAD}), content.getvalue(), "wilds.zip")
    assert field(page.selectbox, "Format").value == "wilds"
    start(page)
    assert stored(home, "wilds").index["label"].to_list() == ["fox"]


def test_a_zip_without_metadata_is_refused_in_one_sentence(add_page: OpenPage, home: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("1.jpg", "image")
    page = upload(add_page(**{"from": UPLOAD}), content.getvalue(), "photos.zip")
    assert "photos.zip has no metadata file" in texts(page)
    assert not page.button


def drop(page: AppTest, files: dict[str, bytes]) -> AppTest:
    page.file_uploader[0].set_value([(name, content, "") for name, content in files.items()])
    return run(page)


def test_a_folder_from_the_browser_is_a_data_set_with_its_photos(
    add_page: OpenPage, home: Path, image: Callable[..., bytes], checked: list[str]
) -> None:
    photo = image(40, 210, 40)
    files = {f"reserve/{label}/{number}.jpg": photo for label in ("fox", "empty") for number in (1, 2)}
    page = drop(add_page(), files)
    assert field(page.selectbox, "Format").value == "folders"
    assert metrics(page) == {"Photos": "4", "Locations": "0", "Labels": "2", "Files found": "4 of 4"}
    assert len(page.get("image")) == 4
    page = start(page)
    dataset = stored(home, "reserve")
    assert dataset.index["label"].value_counts().to_dict() == {"fox": 2, "empty": 2}
    assert all(dataset.image_path(path).read_bytes() == photo for path in dataset.index["path"])
    assert dataset.info.root == home / "uploads" / "reserve"
    assert checked == ["reserve"]
    assert not list((home / "uploads" / ".previews").iterdir())


def test_zips_of_class_folders_from_the_browser_are_one_data_set(
    add_page: OpenPage, home: Path, image: Callable[..., bytes]
) -> None:
    def packed(*names: str) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for name in names:
                archive.writestr(name, image(40, 210, 40))
        return content.getvalue()

    page = drop(add_page(**{"from": "photos"}), {"fox.zip": packed("1.jpg", "2.jpg"), "empty.zip": packed("1.jpg")})
    page = start(page)
    assert stored(home, page.query_params["added"]).index["label"].value_counts().to_dict() == {"fox": 2, "empty": 1}


def test_an_upload_without_photos_is_refused_by_the_name_of_its_folder(add_page: OpenPage, home: Path) -> None:
    page = drop(add_page(), {"holiday/notes.txt": b"nothing"})
    assert "holiday has neither photos nor known metadata" in texts(page)
    assert str(home) not in texts(page)
    assert not page.button


def test_a_failed_import_leaves_nothing_and_can_be_tried_again(add_page: OpenPage, home: Path, source: Path) -> None:
    page = upload(add_page(**{"from": UPLOAD}), source.read_bytes(), "mine.csv")
    results = {"images": [{"file": "other.jpg", "detections": []}], "detection_categories": {"1": "animal"}}
    number = [uploader.label for uploader in page.file_uploader].index(FIELDS["detector"][0])
    page = upload(page, json.dumps(results).encode(), "results.json", number)
    page = start(page)
    assert "none is in the data set" in texts(page)
    assert not list_datasets(home / "datasets")
    assert kept_files(home) == []
    assert [path.name for path in (home / "uploads").iterdir()] == [".previews"]
    page.file_uploader[number].set_value([])
    start(run(page))
    assert stored(home, "mine").info.images == 3


def test_a_source_that_disappears_meanwhile_is_an_error(add_page: OpenPage, home: Path, source: Path) -> None:
    page = add_page(source=source)
    shutil.rmtree(source.parent)
    page.button(key="add_start").click()
    page = run(page)
    assert "is missing" in texts(page)
    assert not list_datasets(home / "datasets")


def test_a_changed_source_is_read_again(add_page: OpenPage, source: Path) -> None:
    page = add_page(source=source)
    write(source, "file,species", "1.jpg,fox")
    assert metrics(run(page))["Photos"] == "1"


def test_a_photo_that_is_listed_under_two_ids_is_one_before_and_after(add_page: OpenPage, source: Path) -> None:
    (source.parent / "coco.json").write_text(
        '{"images": [{"id": "a", "file_name": "1.jpg"}, {"id": "b", "file_name": "1.jpg"}], '
        '"categories": [{"id": 1, "name": "fox"}], "annotations": [{"id": 1, "image_id": "a", "category_id": 1}]}'
    )
    page = add_page(source=source.parent / "coco.json")
    assert metrics(page)["Photos"] == "1"
    assert "listed under several ids" in texts(page)


def test_an_unchanged_source_is_read_once(add_page: OpenPage, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = add_page(source=source)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("pages.add.preview.read", refuse)
    monkeypatch.setattr("pages.add.source.recognise", refuse)
    page.checkbox(key="add_check").uncheck()
    assert metrics(run(page))["Photos"] == "3"


def test_of_a_large_table_only_the_beginning_is_read(
    add_page: OpenPage, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.add.preview.WHOLE_BYTES", 10)
    page = add_page(source=source)
    assert list(rows(page)) == COLUMNS
    assert not page.metric
    assert "can be changed later in Explore" in texts(page)


def test_markup_in_names_is_shown_as_it_is(add_page: OpenPage, home: Path, tmp_path: Path) -> None:
    name = "*a* [b](c) :red[d].csv"
    page = add_page(source=write(tmp_path / name, "<b>x</b>,$y$", "1,2"))
    assert literal(name) in page.error[0].value
    missing = add_page(source=f"/nowhere/{name}")
    assert literal(name) in missing.error[0].value
    label = "*fox* :red[y]"
    page = start(add_page(source=write(tmp_path / "*m*.csv", "file,species", f"1.jpg,{label}", "../2.jpg,x")))
    assert any("../2.jpg" in text.value for text in page.text)
    assert all(label not in str(element.value) for element in [*page.markdown, *page.caption, *page.success])


def test_a_link_to_a_data_set_that_is_gone_says_so(add_page: OpenPage) -> None:
    page = add_page(added="gone")
    assert "does not exist" in page.warning[0].value
