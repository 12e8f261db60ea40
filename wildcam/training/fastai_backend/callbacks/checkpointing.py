"""Finds the best epoch, keeps a checkpoint of each, and ends the training after the last."""

from fastai.callback.core import Callback, CancelFitException

from wildcam.monitor import BestEpoch, Monitor
from wildcam.training.checkpoints import Checkpoint, Checkpoints
from wildcam.training.fastai_backend.checkpoint import FastaiState, save
from wildcam.training.trainer import Plan


class Checkpointing(Callback):
    """Comes last: an epoch counts once its checkpoint is kept. Early stopping counts through both phases."""

    order = 83

    def __init__(
        self,
        checkpoints: Checkpoints[FastaiState],
        resumed: Checkpoint[FastaiState] | None,
        plan: Plan,
        learning_rate: float,
    ) -> None:
        super().__init__()
        self.finished = False
        self._checkpoints = checkpoints
        self._last = resumed
        self._plan = plan
        self._recipe = recipe = plan.recipe
        self._rate = learning_rate
        self._best = BestEpoch(recipe.monitor)
        self._lowest = BestEpoch(Monitor.LOSS)
        if resumed:
            self._best = BestEpoch(recipe.monitor, resumed.state.best_epoch, resumed.state.best_value)
            self._lowest = BestEpoch(Monitor.LOSS, resumed.state.lowest_loss_epoch, resumed.state.lowest_loss)

    def after_validate(self) -> None:
        """Keep the epoch; end the training where it was the last."""
        number, scores = self.epochs.number, self.validation.scores.model_dump()
        self._best.consider(number, scores[self._recipe.monitor])
        self._lowest.consider(number, scores[Monitor.LOSS])
        # Before the checkpoint: what ends between the two is done again at a resume.
        self._plan.keep_validation(self.validation.probabilities, best=self._best.epoch == number)
        self.finished = number == self._recipe.total_epochs or self._out_of_patience(number)
        state = FastaiState(
            epoch=number,
            finished=self.finished,
            best_epoch=self._best.epoch,
            best_value=self._best.value,
            learning_rate=self._rate,
            lowest_loss=self._lowest.value,
            lowest_loss_epoch=self._lowest.epoch,
        )
        self._last = save(self._checkpoints, state, self.model, self.opt, self._last)
        if self.finished:
            raise CancelFitException

    def _out_of_patience(self, number: int) -> bool:
        patience = self._recipe.early_stopping_patience
        return bool(patience) and number - self._lowest.epoch >= patience
