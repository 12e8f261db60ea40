"""No page gives a viewer a clear pixel of a photo that shows people; who may correct labels sees it."""

import io
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image, UnidentifiedImageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from pages.widgets.shown_photo import PERSON_BLURRED
from tests.pages.open_page import open_page
from tests.planted_people import write_answers
from wildcam.accounts.acting import Actor
from wildcam.accounts.roles import Role
from wildcam.accounts.store import AccountStore
from wildcam.data.catalog import DETECTION_COLUMNS, build_index, open_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.reviews import Reviews
from wildcam.data.splits import Subset
from wildcam.predictions.submit import make_request
from wildcam.quality.check import check_dataset
from wildcam.runs.facts import SubsetScores, TrainFacts
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.settings import PROJECT_DIR
from wildcam.training.recipe import Recipe
from wildcam.training.validation_table import validation_table, write_validation
from wildcam.upkeep.delete_people import delete_people

LABELS = {
    "labelled": "human",
    "detected": "fox",
    "corrected": "fox",
    "answered": "fox",
    "copy": "person",
    "fox": "fox",
    "empty": "empty",
    "deer": "deer",
}
PEOPLE = ("labelled", "detected", "corrected", "answered", "copy")


def photo(name: str) -> bytes:
    """Stripes of 8 px: red ones on black are people, green ones are not. The header holds a name."""
    pixels = np.zeros((240, 320, 3), np.uint8)
    brightness = 190 + 8 * list(LABELS).index("labelled" if name == "copy" else name)
    pixels[:, (np.arange(320) // 8) % 2 == 1, 0 if name in PEOPLE else 1] = brightness
    exif = Image.Exif()
    exif[0x9286] = "Vera was here"
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=95, exif=exif)
    return content.getvalue()


@pytest.fixture
def home(models: RunStore, tmp_path: Path) -> RunStore:
    """A data set whose photos are called people by a label, a detector, a correction and a batch, with a check, a batch
    and a training.
    """
    root, ids = tmp_path / "photos", list(LABELS)
    root.mkdir()
    for name in ids:
        (root / f"{name}.jpg").write_bytes(photo(name))
    index = build_index(
        {
            "image_id": ids,
            "path": [f"{name}.jpg" for name in ids],
            "label": list(LABELS.values()),
            "location": ["north"] * 4 + ["south"] * 4,
            "taken_at": pd.date_range("2024-06-01 08:00", periods=len(ids), freq="h"),
        }
    )
    detections = pd.DataFrame([("detected", "person", 0.9, 0.1, 0.1, 0.5, 0.5)], columns=list(DETECTION_COLUMNS))
    datasets = models.settings.datasets_dir
    policy = LabelPolicy.suggest(LABELS.values())
    shutil.rmtree(datasets, ignore_errors=True)
    shutil.rmtree(models.settings.cache_dir, ignore_errors=True)
    dataset = save_dataset(
        datasets, index, name="reserve", source="", root=root, format="csv", labels=policy, detections=detections
    )
    check_dataset(dataset, lambda done, total: None, lambda: False)
    shutil.rmtree(models.settings.home / "corrections", ignore_errors=True)
    Reviews(models.settings.home).add(str(root / "corrected.jpg"), name="c", predicted="fox", label="hiker", models="m")
    batch = models.create(Kind.PREDICT, "batch", make_request(models, dataset="reserve"))
    models.enqueue(batch.id)
    answers = dict.fromkeys(ids, "deer") | {"answered": "human"}
    write_answers(batch.folder, root, **answers)
    models.mark(batch.id, State.FINISHED)
    training = models.create(
        Kind.TRAIN, "training", Recipe.of("reserve", "empty_cnn", find_learning_rate=False, epochs=2)
    )
    models.enqueue(training.id)
    wrong = np.full((len(ids), 2), 0.05, np.float32)
    wrong[:, 1] = np.linspace(0.99, 0.6, len(ids))
    write_validation(
        training.folder, validation_table(ids, np.zeros(len(ids), int), wrong, ("empty", "animal")), best=True
    )
    scores = SubsetScores(
        accuracy=0.1, balanced_accuracy=0.1, macro_f1=0.1, majority_class_accuracy=0.5, recall={"empty": 0.0}
    )
    models.write_facts(training.id, TrainFacts(scores={Subset.VAL: scores}))
    models.mark(training.id, State.FINISHED)
    return models


Sent = list[bytes]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """All files that pages put where the browser fetches them."""
    contents: Sent = []
    load = MemoryMediaFileStorage.load_and_get_id

    def record(self: MemoryMediaFileStorage, path_or_data: str | bytes, *arguments: object, **named: object) -> str:
        contents.append(path_or_data if isinstance(path_or_data, bytes) else Path(path_or_data).read_bytes())
        return load(self, path_or_data, *arguments, **named)

    monkeypatch.setattr(MemoryMediaFileStorage, "load_and_get_id", record)
    return contents


@pytest.fixture
def visit_as(monkeypatch: pytest.MonkeyPatch) -> Callable[[Role], None]:
    def log_in(role: Role) -> None:
        monkeypatch.setenv("WILDCAM_LOGIN", "accounts")
        monkeypatch.setattr(AccountStore, "actor_of", lambda self, token: Actor("vera", role))

    return log_in


def red_detail(content: bytes) -> float:
    """The mean difference of neighbouring pixels in red, where green does not differ as much; 0–255."""
    try:
        pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=float)
    except UnidentifiedImageError:
        return 0.0
    red, green = (np.abs(np.diff(pixels[..., channel], axis=1)).mean() for channel in (0, 1))
    return max(0.0, red - green)


CLEAR, BLURRED = 10.0, 5.0
"""The stripes of a photo differ by 30 and more from pixel to pixel where they are seen; blurred ones by less than 5."""

WITH_PEOPLE = (
    ("home", {}),
    ("explore", {"section": "photos", "boxes": "1"}),
    ("explore", {"section": "photos", "image": "detected"}),
    ("explore", {"section": "quality", "finding": "duplicate"}),
    ("batch", {"run": "batch", "image": "answered"}),
    ("evaluation", {"run": "batch", "part": "review"}),
    ("runs", {"run": "training", "tab": "errors"}),
)


@pytest.mark.parametrize(("page", "address"), WITH_PEOPLE)
def test_people_are_blurred_for_a_viewer_and_clear_for_an_annotator(
    page: str, address: dict[str, str], home: RunStore, sent: Sent, visit_as: Callable[[Role], None]
) -> None:
    address = {"dataset": "reserve"} | by_id(home, address)
    visit_as(Role.VIEWER)
    app = open_page(page, **address)
    assert PERSON_BLURRED in [caption.value for caption in app.caption], "the page shows no photo of people"
    assert max(map(red_detail, sent)) < BLURRED
    assert not [content for content in sent if b"Vera" in content]
    sent.clear()
    visit_as(Role.ANNOTATOR)
    assert PERSON_BLURRED not in [caption.value for caption in open_page(page, **address).caption]
    assert max(map(red_detail, sent)) > CLEAR
    assert not [content for content in sent if b"Vera" in content]


@pytest.mark.parametrize("page", sorted(path.parent.name for path in (PROJECT_DIR / "pages").glob("*/page.py")))
def test_no_page_as_it_opens_gives_a_viewer_a_clear_photo_of_people(
    page: str, home: RunStore, sent: Sent, visit_as: Callable[[Role], None]
) -> None:
    visit_as(Role.VIEWER)
    open_page(page, dataset="reserve")
    assert all(red_detail(content) < BLURRED for content in sent)


def test_no_view_of_a_photo_with_people_is_drawn_for_a_viewer(
    home: RunStore, sent: Sent, visit_as: Callable[[Role], None]
) -> None:
    address = {"dataset": "reserve", "section": "augmentation", "image": "detected"}
    visit_as(Role.VIEWER)
    app = open_page("explore", **address)
    assert any(PERSON_BLURRED in info.value for info in app.info)
    assert all(red_detail(content) < BLURRED for content in sent)
    visit_as(Role.ANNOTATOR)
    open_page("explore", **address)
    assert max(map(red_detail, sent)) > CLEAR


def test_who_is_alone_with_the_app_sees_people_and_whoever_reaches_an_open_server_does_not(
    home: RunStore, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = {"dataset": "reserve", "section": "photos", "image": "labelled"}
    assert not blurred(open_page("explore", **address))
    assert max(map(red_detail, sent)) > CLEAR
    sent.clear()
    monkeypatch.setattr("pages.widgets.shown_photo.is_loopback", lambda address: False)
    assert blurred(open_page("explore", **address))
    assert max(map(red_detail, sent)) < BLURRED


def test_the_setting_blurs_for_everybody(home: RunStore, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WILDCAM_BLUR_PEOPLE", "everybody")
    assert blurred(open_page("explore", dataset="reserve", section="photos", image="labelled"))
    assert max(map(red_detail, sent)) < BLURRED


def test_a_correction_shows_a_photo_to_viewers_again(home: RunStore, visit_as: Callable[[Role], None]) -> None:
    address = {"dataset": "reserve", "section": "photos", "image": "labelled"}
    path = open_dataset(home.settings.datasets_dir, "reserve").info.root / "labelled.jpg"
    Reviews(home.settings.home).add(str(path), name="l", predicted="human", label="deer", models="m")
    visit_as(Role.VIEWER)
    assert not blurred(open_page("explore", **address))


@pytest.mark.parametrize(
    ("page", "address"), [("batch", {"run": "batch"}), ("evaluation", {"run": "batch", "part": "review"})]
)
def test_no_page_remembers_deleted_people_whose_files_are_still_there(
    page: str, address: dict[str, str], home: RunStore, sent: Sent, visit_as: Callable[[Role], None]
) -> None:
    address = {"dataset": "reserve"} | by_id(home, address)
    open_page(page, **address)
    assert max(map(red_detail, sent)) > CLEAR
    delete_people(home, "reserve")
    sent.clear()
    visit_as(Role.VIEWER)
    open_page(page, **address)
    assert sent
    assert max(map(red_detail, sent)) < BLURRED


def plain(texts: Iterable[Element]) -> list[str]:
    """Without the marks that keep them from being Markdown."""
    return [text.value.replace("\\", "") for text in texts]


def blurred(app: AppTest) -> bool:
    return PERSON_BLURRED in [caption.value for caption in app.caption]


def by_id(store: RunStore, address: dict[str, str]) -> dict[str, str]:
    return address | ({"run": store.get(address["run"]).id} if "run" in address else {})


def test_no_page_reads_photos_of_a_data_set_but_through_the_one_way() -> None:
    """Uploads of one's own (`serving.upload_pixels`) and drawn examples are read elsewhere."""
    readers = ("Thumbnails(", "load_rgb(", "load_window(", "Image.open(", ".open_regular(")
    found = {
        str(path.relative_to(PROJECT_DIR / "pages"))
        for path in (PROJECT_DIR / "pages").rglob("*.py")
        if any(reader in path.read_text() for reader in readers)
    }
    assert found == {"widgets/shown_photo.py"}
    squares = [path.name for path in (PROJECT_DIR / "pages").rglob("*.py") if "load_square(" in path.read_text()]
    assert squares == ["augmentation.py"]  # which asks first: a test above


def test_an_admin_deletes_after_the_number_was_typed_and_others_have_no_button(
    home: RunStore, visit_as: Callable[[Role], None]
) -> None:
    address = {"dataset": "reserve", "section": "people"}
    visit_as(Role.TRAINER)
    page = open_page("explore", **address)
    assert "**5 photos**" in [text.value for text in page.markdown]
    assert not [button for button in page.button if button.key == "explore_people_delete"]
    visit_as(Role.ADMIN)
    page = open_page("explore", **address)
    assert page.button(key="explore_people_delete").disabled
    page.number_input(key="explore_people_typed").set_value(4).run()
    assert page.button(key="explore_people_delete").disabled
    page.number_input(key="explore_people_typed").set_value(5).run()
    page.button(key="explore_people_delete").click().run()
    assert plain(page.success) == ["5 photos deleted for good."]
    assert any("5 photos deleted by vera; their files were kept" in text for text in plain(page.caption))
    assert open_dataset(home.settings.datasets_dir, "reserve").index["image_id"].tolist() == ["fox", "empty", "deer"]


def test_an_interrupted_deletion_is_finished_on_the_page(home: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    address = {"dataset": "reserve", "section": "people"}
    with monkeypatch.context() as broken:
        broken.setattr("wildcam.upkeep.delete_people.remove_images", full)
        page = open_page("explore", **address)
        page.number_input(key="explore_people_typed").set_value(5).run()
        page.button(key="explore_people_delete").click().run()
    assert "No space left" in page.error[0].value
    assert "A deletion was interrupted (reserve: 5 photos" in plain(page.warning)[0]
    page.button(key="explore_people_delete").click().run()
    assert plain(page.success) == ["5 photos deleted for good."]
