"""The command line: what it prints, where, and how it ends."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image

from wildcam.architectures.presets import PRESETS
from wildcam.cli.main import MISUSED, build, main
from wildcam.data.catalog import open_dataset


@pytest.fixture(scope="module")
def wildcam(command_here: type, tmp_path_factory: pytest.TempPathFactory) -> Any:
    wildcam = command_here(tmp_path_factory.mktemp("cli"))
    assert wildcam("demo", "--images", 240).returncode == 0
    return wildcam


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["data", "profile", "nowhere"], 2, "Known: demo"),
        (["data", "import", "/no/such/file", "--name", "x"], 1, "missing"),
        (["data", "import", "README.md", "--name", "demo"], 2, "exists"),
        (["train", "--dataset", "demo", "--preset", "resnet51"], 2, "resnet50"),
        (["train", "--dataset", "demo", "--preset", "empty_cnn", "--epoch", "3"], 2, "--epochs"),
        (["train", "--dataset", "demo", "--preset", "empty_cnn", "--epochs", "0"], 2, "epochs"),
        (["train", "--dataset", "demo", "--preset", "empty_cnn", "--task", "species"], 2, "empty_cnn"),
        (["train", "--dataset", "demo", "--preset", "efficientnet_b0"], 1, "--weights random"),
        (["runs", "stop", "nothing"], 2, "Unknown run"),
        (["models", "verify", "nothing"], 2, "Unknown model"),
        (["identify", "photo.jpg"], 1, "No model"),
        (["fly"], 2, "fly"),
    ],
)
def test_an_error_is_one_line_on_standard_error(wildcam: Any, words: list[str], code: int, says: str) -> None:
    done = wildcam(*words)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("wildcam: ")
    assert says in done.stderr


def commands_below(command: Any, path: str = "wildcam") -> Iterator[tuple[str, Any]]:
    for name, sub in getattr(command, "commands", {}).items():
        yield f"{path} {name}", sub
        yield from commands_below(sub, f"{path} {name}")


def test_every_command_option_and_argument_is_explained() -> None:
    found = []
    for path, command in commands_below(typer.main.get_command(build())):
        found += [path] * (not command.help)
        found += [f"{path} {parameter.name}" for parameter in command.params if not getattr(parameter, "help", "")]
    assert found == []


def test_a_process_of_its_own_ends_as_the_command_does(command_line: type, tmp_path: Path) -> None:
    done = command_line(tmp_path)("runs", "stop", "nothing")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "wildcam: Unknown run 'nothing'. Known: none yet.\n"


def test_presets_count_the_parameters_of_the_experiment(wildcam: Any) -> None:
    presets = {row["preset"]: row for row in wildcam.json("presets")}
    assert presets["efficientnet_b0"]["trainable"] == 4_773_715
    assert len(presets) == len(PRESETS)


def test_the_profile_is_the_same_in_numbers(wildcam: Any) -> None:
    profile = wildcam.json("data", "profile", "demo")
    assert profile["overview"]["images"] == 240


def test_a_check_finds_the_two_damaged_files(wildcam: Any) -> None:
    result = wildcam.json("data", "check", "demo")
    assert (result["missing"], result["unreadable"]) == (0, 2)
    reasons = " ".join(result["reasons"].values())
    assert "empty (0 bytes)" in reasons
    assert "truncated" in reasons


def test_a_misspelt_option_is_answered_in_the_spelling_of_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "import", "x", "--split-colum", "y"]) == MISUSED
    assert "--split-column" in capsys.readouterr().err


def test_any_column_of_a_table_can_be_named(wildcam: Any, tmp_path: Path) -> None:
    Image.new("RGB", (32, 24)).save(tmp_path / "a.jpg")
    (tmp_path / "table.csv").write_text("file,side,code\na.jpg,test,x1\n")
    words = ("--split-column", "side", "--image-id-column", "code")
    wildcam.json("data", "import", tmp_path / "table.csv", "--name", "columns", *words)
    index = open_dataset(Path(wildcam.environment["WILDCAM_HOME"], "datasets"), "columns").index
    assert index[["given_split", "image_id"]].to_numpy().tolist() == [["test", "x1"]]
    assert wildcam("data", "delete", "columns", "--yes").returncode == 0


def test_a_dry_run_shows_what_would_come_in_and_stores_nothing(wildcam: Any, tmp_path: Path) -> None:
    for name in ("Cam1/100MEDIA/a.jpg", "Ridge/100MEDIA/b.jpg"):
        (tmp_path / name).parent.mkdir(parents=True)
        Image.new("RGB", (32, 24)).save(tmp_path / name)
    tried = wildcam.json("data", "import", tmp_path, "--dry-run")
    assert (tried["images"], tried["locations"], tried["missing"], tried["stored"]) == (2, 2, 0, False)
    assert tried["levels"] == [{"names": ["Cam1", "Ridge"], "level": "location"}]
    chosen = wildcam.json("data", "import", tmp_path, "--dry-run", "--levels", "label")
    assert chosen["labels"] == {"Cam1": 1, "Ridge": 1}
    assert [row["name"] for row in wildcam.json("data", "list")] == ["demo"]


@pytest.mark.slow
def test_two_stages_from_training_to_verdict(wildcam: Any, tmp_path: Path) -> None:
    small = ["--epochs", 2, "--batch-size", 16]
    empty = wildcam.json("train", "--dataset", "demo", "--preset", "empty_cnn", "--name", "stage 1", *small)
    assert empty["state"] == "finished"
    assert {"accuracy", "macro_f1", "scored_on"} <= set(empty)
    species = wildcam.json(
        "train",
        "--dataset",
        "demo",
        "--preset",
        "small_cnn",
        "--name",
        "stage 2",
        "--image-size",
        32,
        "--epochs",
        1,
        "--batch-size",
        32,
    )
    assert species["state"] == "finished"
    assert wildcam.json("runs", "show", "stage 1")["facts"]["trainable_parameters"] == 822497
    wildcam.json("models", "promote", "stage 1", "--name", "first")
    wildcam.json("models", "promote", species["run"], "--name", "second")
    assert wildcam("models", "promote", "stage 1", "--name", "first").returncode == 2
    assert wildcam.json("models", "verify", "second")["verified"]
    image = next((Path(wildcam.environment["WILDCAM_HOME"]) / "demo" / "test").glob("*.jpg"))
    (tmp_path / "note.jpg").write_text("no photo")
    done = wildcam("identify", image, tmp_path / "note.jpg", "--views", 4, "--json")
    assert done.returncode == 0  # the other is answered
    assert "1 of 2 photos could not be read" in done.stderr
    good, bad = json.loads(done.stdout)
    assert len(good["views"]) == 4
    assert good["source"] in ("stage_1", "stage_2", "abstention")
    assert (bad["label"], bad["source"]) == ("failed", "failure")
    shown = wildcam("runs", "show", "stage 1").stdout
    assert "--epochs 2 --batch-size 16" in shown


@pytest.mark.slow
def test_a_detached_run_is_stopped_and_resumed(wildcam: Any) -> None:
    options = [
        "--dataset",
        "demo",
        "--preset",
        "empty_cnn",
        "--epochs",
        400,
        "--early-stopping-patience",
        0,
        "--detach",
    ]
    run = wildcam.json("train", *options)["run"]
    while not re.search(r"epoch ([2-9]|\d\d+):", wildcam("runs", "show", run, "--log", 50).stdout):
        assert wildcam.json("runs", "show", run)["state"] in ("queued", "running")
    assert wildcam("runs", "stop", run).returncode == 0
    while (state := wildcam.json("runs", "show", run)["state"]) in ("stopping", "running"):
        pass
    assert state == "stopped"
    assert wildcam.json("runs", "resume", run, "--detach")["state"] == "queued"
    wildcam("runs", "stop", run)
    while (state := wildcam.json("runs", "show", run)["state"]) in ("queued", "stopping", "running"):
        pass
    assert state == "stopped"
    assert wildcam("runs", "delete", run, "--yes").returncode == 0
    assert wildcam("runs", "show", run).returncode == 2
