"""Trains a probe's head by epochs, with live curves: the loss and the sampling are those of the fastai backend."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from wildcam.monitor import BestEpoch, Monitor
from wildcam.training.checkpoints import EpochState
from wildcam.training.fastai_backend.losses import ImbalanceLoss
from wildcam.training.imbalance import loss_terms
from wildcam.training.inputs.sampling import sample_epoch
from wildcam.training.probe_backend.head import LinearHead
from wildcam.training.probe_backend.trainer import ProbeData, ProbeTrainer, check_stop, save_head
from wildcam.training.trainer import Reporter

WEIGHT_DECAY = 0.1
"""Of AdamW: with fewer images than features a head without it fits noise."""


class EpochProbeTrainer(ProbeTrainer):
    """A `Trainer`. An epoch shows every image's features once; a run that was stopped begins anew, in seconds."""

    def held_out(self) -> None:
        """None: the best epoch is that of the validation images."""

    def _train(self, reporter: Reporter) -> None:
        recipe, data = self._plan.recipe, self._computed(reporter)
        torch.manual_seed(recipe.seed)
        learner = _Learner(data, len(self._plan.classes), recipe.learning_rate)
        loss = ImbalanceLoss(loss_terms(recipe, data.train_targets, len(self._plan.classes)))
        best, lowest = BestEpoch(recipe.monitor), BestEpoch(Monitor.LOSS)
        best_head = learner.head()
        for number in range(1, recipe.epochs + 1):
            batches = sample_epoch(recipe, data.train_targets, number)
            for step, batch in enumerate(batches, start=1):
                check_stop(reporter)
                cost, accuracy = learner.step(batch, loss)
                metrics = {"step_loss": cost, "step_accuracy": accuracy, "learning_rate": recipe.learning_rate}
                reporter.step(number, step, len(batches), metrics)
            head = learner.head()
            of_val, scores = data.evaluate(head)
            reporter.epoch(number, {**scores, "learning_rate": recipe.learning_rate})
            best.consider(number, scores[recipe.monitor])
            lowest.consider(number, scores[Monitor.LOSS])
            if best.epoch == number:
                best_head = head
            self._plan.keep_validation(of_val, best=best.epoch == number)
            patience = recipe.early_stopping_patience
            if patience and number - lowest.epoch >= patience:
                break
        state = EpochState(epoch=number, finished=True, best_epoch=best.epoch, best_value=best.value)
        self._checkpoints.save(state, lambda folder: save_head(folder, best_head))


class _Learner:
    """One linear layer on standardised features, and its optimizer."""

    def __init__(self, data: ProbeData, classes: int, learning_rate: float) -> None:
        self._mean, self._deviation = data.train.mean(axis=0), data.train.std(axis=0) + 1e-6
        self._inputs = torch.from_numpy((data.train - self._mean) / self._deviation)  # (N, F)
        self._targets = torch.from_numpy(data.train_targets)
        self._layer = nn.Linear(self._inputs.shape[1], classes)
        nn.init.zeros_(self._layer.weight)
        nn.init.zeros_(self._layer.bias)
        self._optimizer = torch.optim.AdamW(self._layer.parameters(), learning_rate, weight_decay=WEIGHT_DECAY)

    def step(self, batch: NDArray[np.int64], loss: nn.Module) -> tuple[float, float]:
        """Loss and accuracy of a batch, before the weights move."""
        positions = torch.from_numpy(batch)
        logits: Tensor = self._layer(self._inputs[positions])
        targets = self._targets[positions]
        cost = loss(logits, targets)
        self._optimizer.zero_grad()
        cost.backward()
        self._optimizer.step()
        return float(cost.detach()), float((logits.argmax(dim=1) == targets).float().mean())

    def head(self) -> LinearHead:
        """As it is now, for features that are not standardised."""
        weights = self._layer.weight.detach().numpy().T / self._deviation[:, None]  # (F, C)
        bias = self._layer.bias.detach().numpy() - self._mean @ weights
        return LinearHead(weights.astype(np.float32), bias.astype(np.float32))
