"""Keeps a checkpoint after each epoch and restores the counters of Keras's callbacks at a resume."""

from typing import Any

import keras

from wildcam.monitor import BestEpoch
from wildcam.training.checkpoints import Checkpoint, Checkpoints
from wildcam.training.keras_backend.callbacks.validation import Validation
from wildcam.training.keras_backend.checkpoint import KerasState, PatienceState, PlateauState, save
from wildcam.training.trainer import Plan


class Checkpointing(keras.callbacks.Callback):
    """Comes last: what the other callbacks decided after an epoch belongs in its checkpoint."""

    def __init__(
        self,
        checkpoints: Checkpoints[KerasState],
        resumed: Checkpoint[KerasState] | None,
        network: keras.Model,
        plan: Plan,
        validation: Validation,
        plateau: keras.callbacks.ReduceLROnPlateau,
        patience: keras.callbacks.EarlyStopping | None,
    ) -> None:
        super().__init__()
        self._checkpoints = checkpoints
        self._last = resumed
        self._network = network
        self._plan = plan
        self._recipe = plan.recipe
        self._validation = validation
        self._best = BestEpoch(plan.recipe.monitor)
        self._plateau = plateau
        self._patience = patience

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Go on counting; Keras's callbacks have just begun anew."""
        if self._last is None:
            return
        state = self._last.state
        self._best = BestEpoch(self._recipe.monitor, state.best_epoch, state.best_value)
        _set(self._plateau, state.plateau)
        if self._patience and state.patience:
            _set(self._patience, state.patience)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """Keep the epoch."""
        self._best.consider(epoch + 1, logs[self._recipe.monitor])
        # Before the checkpoint: what ends between the two is done again at a resume.
        self._plan.keep_validation(self._validation.probabilities, best=self._best.epoch == epoch + 1)
        state = KerasState(
            epoch=epoch + 1,
            finished=self.model.stop_training or epoch + 1 == self._recipe.epochs,
            best_epoch=self._best.epoch,
            best_value=self._best.value,
            plateau=PlateauState.model_validate(self._plateau, from_attributes=True),
            patience=self._patience and PatienceState.model_validate(self._patience, from_attributes=True),
        )
        self._last = save(self._checkpoints, state, self.model, self._network, self._last)


def _set(callback: keras.callbacks.Callback, state: PlateauState | PatienceState) -> None:
    for name, value in state:
        setattr(callback, name, value)
