"""What a Keras run keeps after each epoch, so that it can go on as if it had never stopped.

`model.npz` (weights, running statistics and the states of every random generator), `optimizer.npz` (with the learning
rate), `best.npz` (the best epoch's weights), and the counters of Keras's callbacks. Nothing in it is pickled.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from wildcam.architectures.keras_models import settle_normalisation
from wildcam.errors import RunError
from wildcam.training.checkpoints import Checkpoint, Checkpoints, EpochState, synced

Arrays = list[NDArray[Any]]


class _Counters(BaseModel):
    model_config = ConfigDict(ser_json_inf_nan="constants")  # a loss may be no number


class PlateauState(_Counters):
    """Counters of Keras's ReduceLROnPlateau."""

    best: float | None
    wait: int
    cooldown_counter: int


class PatienceState(_Counters):
    """Counters of Keras's EarlyStopping; its epochs count from 0."""

    best: float | None
    wait: int
    best_epoch: int
    stopped_epoch: int


class KerasState(EpochState):
    """Where a Keras run stands; no patience where the recipe never stops early."""

    plateau: PlateauState
    patience: PatienceState | None


def save(
    checkpoints: Checkpoints[KerasState],
    state: KerasState,
    model: keras.Model,
    network: keras.Model,
    previous: Checkpoint[KerasState] | None,
) -> Checkpoint[KerasState]:
    """Keep an epoch. The best weights are the network's where this epoch is the best, else `previous`'s."""

    def write(folder: Path) -> None:
        _write(folder / "model.npz", snapshot(model.variables))
        _write(folder / "optimizer.npz", snapshot(model.optimizer.variables))
        if previous and state.best_epoch != state.epoch:
            shutil.copyfile(previous.folder / "best.npz", folder / "best.npz")
        else:
            _write(folder / "best.npz", snapshot(network.weights))

    return checkpoints.save(state, write)


def restore_training(folder: Path, model: keras.Model, network: keras.Model) -> None:
    """Put model, network within it and optimizer back as they were after the epoch."""
    restore(model.variables, _read(folder / "model.npz"))
    restore(model.optimizer.variables, _read(folder / "optimizer.npz"))
    settle_normalisation(network)


def restore_best(folder: Path, network: keras.Model) -> None:
    """Give the network the best epoch's weights."""
    restore(network.weights, _read(folder / "best.npz"))
    settle_normalisation(network)


def snapshot(variables: Sequence[keras.Variable]) -> Arrays:
    """Copies of the variables' values, in their order."""
    return [np.array(variable.numpy()) for variable in variables]


def restore(variables: Sequence[keras.Variable], values: Arrays) -> None:
    """Give the variables these values. Raises `RunError` where they are of another network."""
    if [tuple(variable.shape) for variable in variables] != [value.shape for value in values]:
        raise RunError("The checkpoint belongs to another network than the recipe's: delete the run and start it anew.")
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _write(path: Path, values: Arrays) -> None:
    with synced(path) as file:
        np.savez(file, allow_pickle=False, **{f"v{number:04d}": value for number, value in enumerate(values)})


def _read(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as values:
        return [values[name] for name in sorted(values.files)]
