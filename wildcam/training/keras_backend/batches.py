"""Images as batches for Keras."""

import keras
import numpy as np
from numpy.typing import NDArray

from wildcam.errors import DataError
from wildcam.training.inputs.batches import Reader
from wildcam.training.inputs.mixup import mix, one_hot
from wildcam.training.inputs.sampling import sample_epoch
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples


class Batches(keras.utils.PyDataset):
    """An epoch's training batches, images uint8 (B, S, S, 3) with targets.

    Of a plain loss int64 (B,), or float32 (B, 1) for a sigmoid; of another the shares of the classes, float32 (B, C).

    `failure` is the error that ended the reading, which TensorFlow wraps in one of its own.
    """

    def __init__(self, examples: Examples, recipe: Recipe, classes: int, *, sigmoid: bool) -> None:
        super().__init__()  # without workers: the reader has threads, and TensorFlow's pipeline reads ahead
        self.failure: DataError | None = None
        self._examples = examples
        self._recipe = recipe
        self._classes = classes
        self._sigmoid = sigmoid
        self._reader = Reader(examples)
        self.start_epoch(1)

    def start_epoch(self, epoch: int) -> None:
        """Sample the epoch's batches; epochs count from 1."""
        self._epoch = epoch
        self._batches = sample_epoch(self._recipe, self._examples.targets, epoch)

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, step: int) -> tuple[NDArray[np.uint8], NDArray[np.float32] | NDArray[np.int64]]:
        recipe = self._recipe
        try:
            images, targets = self._reader.read(self._batches[step])
        except DataError as error:
            self.failure = error
            raise
        if recipe.has_plain_loss:
            return images, targets.astype(np.float32)[:, None] if self._sigmoid else targets
        shares = one_hot(targets, self._classes)
        return mix(images, shares, recipe.mixup, (recipe.seed, self._epoch, step)) if recipe.mixup else (images, shares)
