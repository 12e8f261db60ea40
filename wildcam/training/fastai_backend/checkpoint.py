"""What a fastai run keeps after each epoch, so that it can go on as if it had never stopped.

`model.pt` (weights and running statistics), `optimizer.pt`, `best.pt` (the best epoch's weights). They are read
with torch's `weights_only`: nothing in them is unpickled freely. Hyper-parameters are not kept, they follow from the
schedule; nor are states of random generators, for each epoch has its own seed.
"""

import shutil
from pathlib import Path
from typing import Any

import torch
from fastai.optimizer import Optimizer
from torch import nn

from wildcam.errors import RunError
from wildcam.training.checkpoints import Checkpoint, Checkpoints, EpochState, synced


class FastaiState(EpochState):
    """`learning_rate` is the recipe's or the one found; the lowest loss is what early stopping waits for."""

    learning_rate: float
    lowest_loss: float
    lowest_loss_epoch: int


def save(
    checkpoints: Checkpoints[FastaiState],
    state: FastaiState,
    network: nn.Module,
    optimizer: Optimizer,
    previous: Checkpoint[FastaiState] | None,
) -> Checkpoint[FastaiState]:
    """Keep an epoch. The best weights are the network's where this epoch is the best, else `previous`'s."""

    def write(folder: Path) -> None:
        _write(folder / "model.pt", network.state_dict())
        _write(folder / "optimizer.pt", optimizer.state_dict()["state"])
        best = folder / "model.pt"
        if previous and state.best_epoch != state.epoch:
            best = previous.folder / "best.pt"
        shutil.copyfile(best, folder / "best.pt")

    return checkpoints.save(state, write)


def restore_network(path: Path, network: nn.Module) -> None:
    """Give the network the weights of a `model.pt` or `best.pt`. Raises `RunError` where they are of another."""
    try:
        network.load_state_dict(_read(path, "cpu"))
    except RuntimeError as error:
        raise RunError(
            "The checkpoint belongs to another network than the recipe's: delete the run and start it anew."
        ) from error


def restore_optimizer(path: Path, optimizer: Optimizer, device: torch.device) -> None:
    """Put the running means of the gradients back, on the device of the network."""
    optimizer.load_state_dict({"state": _read(path, device), "hypers": optimizer.hypers})


def _write(path: Path, values: Any) -> None:
    with synced(path) as file:
        torch.save(values, file)


def _read(path: Path, device: torch.device | str) -> Any:
    return torch.load(path, map_location=device, weights_only=True)
