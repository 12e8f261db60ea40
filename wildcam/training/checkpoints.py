"""Checkpoints of a run of either framework: one folder an epoch, complete or absent."""

import math
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from wildcam import atomic
from wildcam.errors import RunError
from wildcam.training.trainer import Outcome, StopRequested

KEPT_EPOCHS = 2
STATE = "state.json"


class EpochState(BaseModel):
    """Where a run stands after an epoch. Epochs count from 1; `best_value` is the recipe's monitor's."""

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="constants")

    epoch: int
    finished: bool
    best_epoch: int
    best_value: float


State = TypeVar("State", bound=EpochState)


@dataclass(frozen=True)
class Checkpoint(Generic[State]):
    """A finished epoch, read back: its state, and the folder of the framework's own files."""

    folder: Path
    state: State


class Checkpoints(Generic[State]):
    """The last epochs' folders under one directory. The frameworks' files are zip archives (.npz, .pt)."""

    def __init__(self, directory: Path, state_type: type[State]) -> None:
        self._directory = directory
        self._state_type = state_type

    def latest(self) -> Checkpoint[State] | None:
        """The newest checkpoint; an older one where the newest is damaged; None where there is none."""
        for folder in self._folders():
            try:
                state = self._state_type.model_validate_json((folder / STATE).read_bytes())
                _check_archives(folder)
            except (OSError, ValueError, zipfile.BadZipFile):
                continue
            return Checkpoint(folder, state)
        return None

    def trained(self) -> Checkpoint[State]:
        """The newest checkpoint. Raises `RunError` where no epoch was finished."""
        checkpoint = self.latest()
        if checkpoint is None:
            raise RunError("The run has no finished epoch yet, so it has no weights: resume it first.")
        return checkpoint

    def save(self, state: State, write: Callable[[Path], None]) -> Checkpoint[State]:
        """Let `write` fill the epoch's folder, which is complete or not there at all; keep the last two."""
        target = self._directory / f"epoch-{state.epoch:04d}"
        with atomic.new_folder(target) as folder:
            write(folder)
            atomic.write_json(folder / STATE, state)
        for old in self._folders()[KEPT_EPOCHS:]:
            shutil.rmtree(old, ignore_errors=True)
        return Checkpoint(target, state)

    def train_on(self, train: Callable[[Checkpoint[State] | None], None]) -> Outcome:
        """Let `train` go on from the latest checkpoint; a finished run's outcome comes at once.

        Epoch 0 and NaN where no epoch was finished.
        """
        resumed, stopped = self.latest(), False
        if resumed is None or not resumed.state.finished:
            self._remove_leftovers()
            try:
                train(resumed)
            except StopRequested:
                stopped = True
        last = self.latest()
        if last is None:
            return Outcome(best_epoch=0, last_epoch=0, best_value=math.nan, stopped=stopped)
        return Outcome(last.state.best_epoch, last.state.epoch, last.state.best_value, stopped)

    def _folders(self) -> list[Path]:
        return sorted(self._directory.glob("epoch-*"), reverse=True)

    def _remove_leftovers(self) -> None:
        """Remove what a killed process was writing."""
        for leftover in self._directory.glob(".*"):
            shutil.rmtree(leftover, ignore_errors=True)


@contextmanager
def synced(path: Path) -> Iterator[IO[bytes]]:
    """A new file that is on the disk when the block ends."""
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _check_archives(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name != STATE:
            with zipfile.ZipFile(path) as archive:
                if (damaged := archive.testzip()) is not None:
                    raise zipfile.BadZipFile(damaged)
