"""Kills at random moments (SIGKILL) of commands and of runs: afterwards the home is sound, and what was killed goes on.

Each round has a number, and with it dice of its own, so that a failure can be thrown again: `strike`. Ctrl-C
ends it with what was found.
"""

import contextlib
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import psutil

from wildcam.data.catalog import open_dataset
from wildcam.demo.dataset import DEMO_NAME, make_demo_dataset
from wildcam.predictions.parts import read_predictions
from wildcam.predictions.submit import make_request, submit_predictions
from wildcam.runs import local
from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import demo_pair, open_run_bundle, verify
from wildcam.settings import PROJECT_DIR, load_settings
from wildcam.training.recipe import Recipe
from wildcam.training.submit import submit
from wildcam.upkeep.doctor import examine

IMAGES = 200
END_SECONDS = 300.0
MOST_STRIKES = 4  # of one run, before it may end
COMMAND_SECONDS = (0.5, 8.0)  # a command has loaded its libraries after the first two
RUN_SECONDS = (0.1, 15.0)


class Unsound(Exception):
    """What a kill broke, in a sentence."""


@dataclass(frozen=True)
class Home:
    """What is struck."""

    store: RunStore
    source: Path  # of the data set
    photos: list[Path]
    kills: Counter[str]


def main(kills: int, first: int = 0) -> None:
    """`kills`: how many at least; `first`: the round that it begins with."""
    os.environ.pop("WILDCAM_MODELS", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WILDCAM_HOME"] = folder
        home, begun, failures = _make_home(), time.perf_counter(), 0
        with contextlib.suppress(KeyboardInterrupt):
            for number in itertools.takewhile(lambda _: home.kills.total() < kills, itertools.count(first)):
                try:
                    strike(home, number)
                except Exception as error:  # the next may say more
                    failures += 1
                    print(f"  round {number}: {type(error).__name__}: {error}", flush=True)
    by_act = ", ".join(f"{act} {count}" for act, count in sorted(home.kills.items()))
    print(f"{home.kills.total()} kills ({by_act}) in {time.perf_counter() - begun:,.0f} s, {failures} failures")


def strike(home: Home, number: int) -> None:
    """One round. Raises `Unsound`, or what went wrong before it could be said."""
    dice = random.Random(number)
    ACTS[dice.choice(list(ACTS))](home, dice)
    _ask_doctor(home)


def _make_home() -> Home:
    settings = load_settings()
    dataset = make_demo_dataset(settings, images=IMAGES)
    paths = [dataset.image_path(path) for path in dataset.index["path"]]
    return Home(RunStore(settings), Path(dataset.info.source), [path for path in paths if path.exists()], Counter())


def _ask_doctor(home: Home) -> None:
    if found := [finding.what for finding in examine(home.store.settings)]:
        raise Unsound(f"the doctor finds: {' '.join(found)}")


def _identify(home: Home, dice: random.Random) -> None:
    _strike_command(home, "identify", dice, "identify", *map(str, dice.sample(home.photos, 40)), "--json")


def _import(home: Home, dice: random.Random) -> None:
    """A new data set is whole or not there, and can then be imported; one that is replaced is there throughout."""
    replaces = dice.random() < 0.5
    name = "replaced" if replaces else f"new{dice.randrange(10**6)}"
    words = ["data", "import", str(home.source), "--name", name, *(["--replace"] if replaces else [])]
    folder = home.store.settings.datasets_dir / name
    was_there = folder.exists()
    _strike_command(home, "import", dice, *words)
    if was_there and not folder.exists():
        raise Unsound(f"{name} is gone")
    if not folder.exists() and (done := _command(*words)).wait():
        raise Unsound(f"{name} cannot be imported again: code {done.returncode}")
    dataset = open_dataset(home.store.settings.datasets_dir, name)
    if len(dataset.index) != dataset.info.images or not len(dataset.index):
        raise Unsound(f"{name} has {len(dataset.index)} rows of {dataset.info.images}")


def _predict(home: Home, dice: random.Random) -> None:
    """A batch that is resumed has an answer for each photo, and one only."""
    pair = demo_pair(home.store.settings.model_dirs)
    if pair is None:
        raise Unsound("the demo models are missing")
    empty, species = pair
    request = make_request(home.store, dataset=DEMO_NAME, empty_model=empty.name, species_model=species.name)
    run = _strike_run(home, "predict", dice, submit_predictions(home.store, request, "batch"))
    ids = read_predictions(run.folder, ["image_id"])["image_id"]
    wanted = open_dataset(home.store.settings.datasets_dir, DEMO_NAME).index["image_id"]
    if sorted(ids) != sorted(wanted):
        raise Unsound(f"batch {run.id[:8]} answers {len(ids)} photos, {ids.nunique()} different, of {len(wanted)}")


def _train(home: Home, dice: random.Random) -> None:
    """A training that is resumed leaves a sound model and an unbroken curve."""
    recipe = Recipe.of(DEMO_NAME, dice.choice(["small_cnn", "probe_epochs"]), epochs=2)
    run = _strike_run(home, "train", dice, submit(home.store, recipe))
    verify(open_run_bundle(run.bundle_dir))
    curve = home.store.curves(run.id, ["val_loss"])["step"].tolist()
    if curve != list(range(1, len(curve) + 1)) or not curve:
        raise Unsound(f"training {run.id[:8]} has the epochs {curve}")


ACTS: Mapping[str, Callable[[Home, random.Random], None]] = MappingProxyType(
    {"identify": _identify, "import": _import, "predict": _predict, "train": _train}
)


def _command(*words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "wildcam", *words]
    return subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _strike_command(home: Home, act: str, dice: random.Random, *words: str) -> None:
    process = _command(*words)
    try:
        process.wait(dice.uniform(*COMMAND_SECONDS))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        home.kills[act] += 1


def _strike_run(home: Home, act: str, dice: random.Random, run: Run) -> Run:
    """Kill it some times, its worker alone or with the supervisor, resume it each time, and wait for its end."""
    for _ in range(dice.randint(1, MOST_STRIKES)):
        _wait(home, run, dice.uniform(*RUN_SECONDS))
        home.kills[act] += _kill(run, with_supervisor=dice.random() < 0.5)
        ended = _wait(home, run, END_SECONDS)
        if ended.state is State.FINISHED:
            break
        if not ended.can_resume:
            raise Unsound(f"{act} {run.id[:8]} is {ended.state}: {ended.reason} {ended.obstacle}")
        local.resume(home.store, run.id)
    ended = _wait(home, run, END_SECONDS)
    if ended.state is not State.FINISHED:
        raise Unsound(f"{act} {run.id[:8]} ends {ended.state}: {ended.reason} {ended.log_tail(3)}")
    return ended


def _kill(run: Run, *, with_supervisor: bool) -> bool:
    """Whether there was something to kill."""
    supervisors = [one for one in psutil.Process().children() if run.id in " ".join(_words(one))]
    workers = [worker for supervisor in supervisors for worker in supervisor.children(recursive=True)]
    victims = [*(supervisors if with_supervisor or not workers else []), *workers]
    for victim in victims:
        victim.kill()
    return bool(victims)


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # it has ended
        return []


def _wait(home: Home, run: Run, seconds: float) -> Run:
    """The run at its end, or after so long."""
    deadline = time.monotonic() + seconds
    while (found := home.store.get(run.id)).state.is_live and time.monotonic() < deadline:
        time.sleep(0.3)
    return found
