"""Scores a sample of the training images after each epoch, as validation does."""

import numpy as np
import torch
from fastai.callback.core import Callback

from wildcam.architectures.fastai_models import Serving
from wildcam.training.inputs.batches import in_order
from wildcam.training.scores import CleanScores, score_clean
from wildcam.training.trainer import Examples, Reporter, StopRequested


class CleanTrainLoss(Callback):
    """Has `scores` once an epoch is validated, where there are examples to score. Follows `Validation`."""

    order = 81.5

    def __init__(self, serving: Serving, examples: Examples | None, batch_size: int, reporter: Reporter) -> None:
        super().__init__()
        self.scores: CleanScores | None = None
        self._serving = serving  # of the network that is trained
        self._examples = examples
        self._batch_size = batch_size
        self._reporter = reporter

    def after_validate(self) -> None:
        """Predict every image of the sample, without augmentation and dropout; then score."""
        if self._examples is None:
            return
        self._reporter.phase("measuring the clean training loss")
        device = self.learn.dls.device
        serving = self._serving.to(device).eval()
        probabilities = []
        with torch.no_grad():
            for images in in_order(self._examples, self._batch_size):
                probabilities.append(serving.probabilities(torch.from_numpy(images).to(device)).cpu().numpy())
                if self._reporter.stop_requested():
                    raise StopRequested("requested after a batch")  # fastai's loop reads the message
        self.scores = score_clean(np.concatenate(probabilities), self._examples.targets)
