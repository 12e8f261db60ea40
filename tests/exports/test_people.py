"""Photos that show people are in no exported folder unless somebody who may see them asks for it."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tests.conftest import CommandLine
from tests.planted_people import write_answers
from wildcam.accounts.acting import Actor, acts_for
from wildcam.accounts.roles import Role
from wildcam.data.reviews import Reviews
from wildcam.errors import PermissionDenied
from wildcam.exports.camtrap_dp.media import media_table
from wildcam.exports.formats import Exported, Format, export
from wildcam.exports.options import ExportOptions, PeopleInPhotos, Transfer
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.parts import read_predictions

Write = Callable[..., Exported]
ANSWERS = {"a": "fox", "b": "human", "c": "deer"}


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[pd.DataFrame, BatchMetadata]:
    """Three photos of stripes; the answer of `b` is a human, and `c` was corrected to a hiker."""
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))
    root = tmp_path / "photos"
    root.mkdir()
    pixels = np.zeros((240, 320, 3), np.uint8)
    for name in ANSWERS:
        pixels[:, ::2] = 250 - ord(name)
        Image.fromarray(pixels).save(root / f"{name}.png")
    Reviews(tmp_path / "home").add(str(root / "c.png"), name="c", predicted="deer", label="hiker", models="")
    metadata = write_answers(tmp_path / "home" / "runs" / "run", root, **ANSWERS)
    table = read_predictions(tmp_path / "home" / "runs" / "run")
    return table.assign(path=table["path"].str.replace("jpg", "png")), metadata


@pytest.fixture
def write(batch: tuple[pd.DataFrame, BatchMetadata], tmp_path: Path) -> Write:
    return lambda **options: export(Format.FOLDERS, *batch, tmp_path / "sorted", ExportOptions(**options))


def files(done: Exported) -> list[str]:
    return sorted(str(path.relative_to(done.path)) for path in done.path.rglob("*.*g"))


def test_they_are_left_out_without_a_word_from_the_user_and_counted(write: Write) -> None:
    done = write()
    assert files(done) == ["fox/a.png"]
    assert done.images == 1
    assert done.remarks == ("2 photos show people and were left out.",)


@pytest.mark.parametrize("transfer", Transfer)
def test_blurred_ones_are_small_copies_without_detail_never_links(write: Write, transfer: Transfer) -> None:
    done = write(people=PeopleInPhotos.BLUR, transfer=transfer)
    assert files(done) == ["deer/c.png_blurred.jpg", "fox/a.png", "human/b.png_blurred.jpg"]
    assert (done.images, done.remarks) == (3, ("2 photos show people and were blurred.",))
    for name in ("deer/c", "human/b"):
        copy = done.path / f"{name}.png_blurred.jpg"
        assert not copy.is_symlink()
        assert np.asarray(Image.open(io.BytesIO(copy.read_bytes())).convert("L")).std() < 5


def test_only_who_may_see_people_keeps_them(write: Write, tmp_path: Path) -> None:
    acts_for(lambda: Actor("vera", Role.VIEWER))
    with pytest.raises(PermissionDenied, match="see people"):
        write(people=PeopleInPhotos.KEEP)
    assert not (tmp_path / "sorted").exists()
    acts_for(lambda: Actor("ada", Role.ANNOTATOR))
    done = write(people=PeopleInPhotos.KEEP)
    assert files(done) == ["deer/c.png", "fox/a.png", "human/b.png"]
    assert done.remarks == ("2 photos show people: kept, as you asked.",)


def test_a_correction_brings_a_photo_into_the_export(write: Write, batch: tuple[pd.DataFrame, BatchMetadata]) -> None:
    root = batch[1].root
    home = root.parent / "home"
    Reviews(home).add(str(root / "b.png"), name="b", predicted="human", label="fox", models="")
    assert files(write()) == ["fox/a.png", "human/b.png"]


def test_no_medium_of_a_camtrap_dp_is_public(table: pd.DataFrame) -> None:
    media = media_table(table.assign(deployment="north", timestamp="2024-06-01T12:00:00Z"))
    assert (media["filePublic"] == "false").all()
    assert "human" in set(table["label"])


def test_the_command_line_takes_the_choice_for_folders_alone(
    batch: tuple[pd.DataFrame, BatchMetadata], in_process: CommandLine, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    export(Format.CSV, *batch, table)
    refused = in_process("export", table, "--format", "coco", "--people", "blur")
    assert "--people belongs to --format folders" in refused.stderr
    done = in_process("export", table, "--format", "folders", "--people", "leave-out", "--output", tmp_path / "sorted")
    assert done.returncode == 0, done.stderr
    assert "human" not in {path.parent.name for path in (tmp_path / "sorted").rglob("*.png")}


def test_they_are_left_out_behind_links_too(batch: tuple[pd.DataFrame, BatchMetadata], tmp_path: Path) -> None:
    _, metadata = batch
    collection = tmp_path / "collection"
    collection.mkdir()
    (collection / "station").symlink_to(metadata.root)
    (collection / "x.png").symlink_to(metadata.root / "c.png")
    table = pd.DataFrame({"path": ["station/a.png", "station/c.png", "x.png"], "label": "fox"})
    done = export(Format.FOLDERS, table, metadata.model_copy(update={"root": collection}), tmp_path / "sorted")
    assert files(done) == ["fox/station__a.png"]
