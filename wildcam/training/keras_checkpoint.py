"""What a Keras run keeps after each epoch, so that it can go on as if it had never stopped.

One folder an epoch: `state.json`, `model.npz` (weights, running statistics and the states of every random
generator), `optimizer.npz`, `best.npz` (the best epoch's weights). Nothing in it is pickled.
"""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from wildcam.errors import RunError

KEPT = 2
Arrays = list[NDArray[Any]]


class PlateauState(BaseModel):
    """Counters of Keras's ReduceLROnPlateau."""

    best: float | None
    wait: int
    cooldown_counter: int


class PatienceState(BaseModel):
    """Counters of Keras's EarlyStopping; its epochs count from 0."""

    best: float | None
    wait: int
    best_epoch: int
    stopped_epoch: int


class EpochState(BaseModel):
    """Where a run stands after an epoch. Epochs count from 1; `best_value` is the recipe's monitor's."""

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="constants")

    epoch: int
    finished: bool
    best_epoch: int
    best_value: float
    plateau: PlateauState
    patience: PatienceState | None


@dataclass(frozen=True)
class Checkpoint:
    """A finished epoch, read back."""

    folder: Path
    state: EpochState

    def restore(self, model: keras.Model) -> None:
        """Put model and optimizer back as they were."""
        restore(model.variables, _read(self.folder / "model.npz"))
        restore(model.optimizer.variables, _read(self.folder / "optimizer.npz"))

    def restore_best(self, network: keras.Model) -> None:
        """Give the network the best epoch's weights."""
        restore(network.weights, _read(self.folder / "best.npz"))


class Checkpoints:
    """The last epochs' folders under one directory: each complete or absent."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def latest(self) -> Checkpoint | None:
        """The newest checkpoint; an older one where the newest is damaged; None where there is none."""
        for folder in self._folders():
            try:
                state = EpochState.model_validate_json((folder / "state.json").read_bytes())
                for name in ("model.npz", "optimizer.npz", "best.npz"):
                    if zipfile.ZipFile(folder / name).testzip() is not None:
                        raise zipfile.BadZipFile(name)
            except (OSError, ValueError, zipfile.BadZipFile):
                continue
            return Checkpoint(folder, state)
        return None

    def save(
        self, state: EpochState, model: keras.Model, network: keras.Model, previous: Checkpoint | None
    ) -> Checkpoint:
        """Write an epoch's folder under a temporary name, then rename it; keep the last two.

        The best weights are the network's where this epoch is the best, else `previous`'s.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        target = self._directory / f"epoch-{state.epoch:04d}"
        temporary = Path(tempfile.mkdtemp(dir=self._directory, prefix=".writing-"))
        try:
            _write(temporary / "model.npz", snapshot(model.variables))
            _write(temporary / "optimizer.npz", snapshot(model.optimizer.variables))
            if state.best_epoch == state.epoch or previous is None:
                _write(temporary / "best.npz", snapshot(network.weights))
            else:
                shutil.copyfile(previous.folder / "best.npz", temporary / "best.npz")
            (temporary / "state.json").write_text(state.model_dump_json(indent=2))
            shutil.rmtree(target, ignore_errors=True)  # there only if it was damaged
            os.replace(temporary, target)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        for old in self._folders()[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
        return Checkpoint(target, state)

    def sweep(self) -> None:
        """Remove what a killed process was writing."""
        for leftover in self._directory.glob(".writing-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _folders(self) -> list[Path]:
        return sorted(self._directory.glob("epoch-*"), reverse=True)


def snapshot(variables: Sequence[keras.Variable]) -> Arrays:
    """Copies of the variables' values, in their order."""
    return [np.array(variable.numpy()) for variable in variables]


def restore(variables: Sequence[keras.Variable], values: Arrays) -> None:
    """Give the variables these values. Raises `RunError` where they are of another network."""
    if [tuple(variable.shape) for variable in variables] != [value.shape for value in values]:
        raise RunError(
            "The checkpoint belongs to another network than the recipe's: delete the run and start it anew."
        )
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _write(path: Path, values: Arrays) -> None:
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **{f"v{number:04d}": value for number, value in enumerate(values)})
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as values:
        return [values[name] for name in sorted(values.files)]
