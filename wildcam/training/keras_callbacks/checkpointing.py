"""Keeps a checkpoint after each epoch and gives the counters of Keras's callbacks back at a resume."""

from typing import Any

import keras

from wildcam.training.keras_callbacks.best_epoch import BestEpoch
from wildcam.training.keras_checkpoint import Checkpoint, Checkpoints, EpochState, PatienceState, PlateauState


class Checkpointing(keras.callbacks.Callback):
    """Comes last: what the other callbacks decided after an epoch belongs into its checkpoint."""

    def __init__(
        self,
        checkpoints: Checkpoints,
        resumed: Checkpoint | None,
        network: keras.Model,
        best: BestEpoch,
        plateau: keras.callbacks.ReduceLROnPlateau,
        patience: keras.callbacks.EarlyStopping | None,
    ) -> None:
        super().__init__()
        self._checkpoints = checkpoints
        self._last = resumed
        self._network = network
        self._best = best
        self._plateau = plateau
        self._patience = patience

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        if self._last is None:
            return
        state = self._last.state
        self._best.epoch, self._best.value = state.best_epoch, state.best_value
        _set(self._plateau, state.plateau)
        if self._patience is not None and state.patience is not None:
            _set(self._patience, state.patience)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        state = EpochState(
            epoch=epoch + 1,
            finished=self.model.stop_training or epoch + 1 == self.params["epochs"],
            best_epoch=self._best.epoch,
            best_value=self._best.value,
            plateau=PlateauState.model_validate(self._plateau, from_attributes=True),
            patience=self._patience and PatienceState.model_validate(self._patience, from_attributes=True),
        )
        self._last = self._checkpoints.save(state, self.model, self._network, self._last)


def _set(callback: keras.callbacks.Callback, state: PlateauState | PatienceState) -> None:
    for name, value in state:
        setattr(callback, name, value)
