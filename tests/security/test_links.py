"""A link is not a click: what an address names is not read before, and what it asks in vain is one sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pages.open_page import open_page
from wildcam.data.importers import import_dataset
from wildcam.runs.store import RunStore

FIELDS = ("source", "images", "test", "detector", "ground_truth")
ODD = ("nan", "9" * 5000)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every path that a page asks about."""
    asked: list[str] = []
    stat = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **options: asked.append(str(path)) or stat(path, **options))
    return asked


@pytest.fixture
def dataset(store: RunStore, tmp_path: Path, image: Callable[..., bytes]) -> str:
    folder = tmp_path / "photos" / "fox"
    folder.mkdir(parents=True)
    for number in range(30):
        (folder / f"{number}.jpg").write_bytes(image(number, 2, 3, size=(40, 30)))
    import_dataset(store.settings.datasets_dir, tmp_path / "photos", name="reserve")
    return "reserve"


def test_what_a_link_names_is_read_on_a_click(store: RunStore, tmp_path: Path, opened: list[str]) -> None:
    table = tmp_path / "linked.csv"
    table.write_text("file,label\na.jpg,fox\n")
    page = open_page("add", source=str(table))
    assert page.text_input(key="address_source").value == str(table)
    assert "nothing is read before a click" in page.info[0].value
    assert not page.dataframe
    assert str(table) not in opened
    page.button(key="add_preview_source").click().run()
    assert len(page.dataframe) == 1
    assert str(table) in opened


def test_what_a_visitor_types_is_read_at_once(store: RunStore, tmp_path: Path) -> None:
    (tmp_path / "typed.csv").write_text("file,label\na.jpg,fox\n")
    page = open_page("add", **{"from": "server"})
    page.text_input(key="address_source").set_value(str(tmp_path / "typed.csv")).run()
    assert len(page.dataframe) == 1
    assert not [button for button in page.button if button.label == "Preview"]


@pytest.mark.parametrize("name", FIELDS[1:])
def test_a_link_adds_no_file_to_a_source_that_was_chosen(name: str, store: RunStore, tmp_path: Path, opened) -> None:
    (tmp_path / "iwildcam2020.json").write_text(
        '{"images": [{"id": "a", "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "fox"}], '
        '"annotations": [{"id": "1", "image_id": "a", "category_id": 1}]}'
    )
    page = open_page("add", **{"from": "server"})
    page.text_input(key="address_source").set_value(str(tmp_path / "iwildcam2020.json")).run()
    page.query_params[name] = str(tmp_path / "other")
    page.run()
    assert not page.exception
    assert [button.label for button in page.button if button.key == f"add_preview_{name}"] == ["Preview"]
    assert str(tmp_path / "other") not in opened


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("augmentation", ("views", "seed", "preset", "set", "image")),
        ("classes", ("head", "tail", "labels", "scale")),
        ("photos", ("page", "class", "location", "from", "image", "bursts")),
        ("ecology", ("interval", "species_from")),
    ],
)
def test_an_address_of_explore_asks_in_vain(dataset: str, section: str, names: tuple[str, ...]) -> None:
    for text in ODD:
        page = open_page("explore", dataset=dataset, section=section, **dict.fromkeys(names, text))
        assert all(len(toast.value) < 300 for toast in page.toast)


@pytest.mark.parametrize("page", ["runs", "evaluation", "train", "models"])
def test_no_address_ends_in_a_traceback(page: str, store: RunStore) -> None:
    names = ("run", "page", "gap", "view", "image", "verdict", "order", "ground_truth", "model", "clone", "smoothing")
    for text in ODD:
        open_page(
            page, **dict.fromkeys((*names, "epoch", "compare", "term", "study", "score", "beside", "label"), text)
        )


def test_a_gap_out_of_bounds_is_left_out(store: RunStore, batch_run: str) -> None:
    for text in ODD:
        open_page("batch", run=batch_run, view="bursts", gap=text)
        open_page("batch", run=batch_run, view="photos", page=text, image=text, ground_truth=text, verdict=text)


@pytest.fixture
def batch_run(store: RunStore, batch_of, tmp_path: Path) -> str:
    """A finished batch of four photos that failed."""
    from wildcam.predictions.parts import PartWriter
    from wildcam.predictions.submit import make_request
    from wildcam.predictions.table import ImageRecord, Prediction
    from wildcam.runs.states import Kind, State
    from wildcam.serving.two_stage import failed

    _, metadata = batch_of(tmp_path / "batch")
    run = store.create(Kind.PREDICT, "spring", make_request(store, folder=str(tmp_path / "batch")))
    store.enqueue(run.id)
    writer = PartWriter(run.folder)
    writer.write_metadata(metadata)
    for name in "abcd":
        writer.add(Prediction(ImageRecord(name, f"{name}.jpg", "north", ""), failed("it failed.")))
    writer.flush()
    store.mark(run.id, State.FINISHED)
    return run.id
