"""Images as fastai's loaders: read by threads, transformed batch by batch on the training device."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from fastai.data.core import DataLoaders, TfmdDL
from fastai.data.transforms import IntToFloatTensor, Normalize
from fastai.torch_core import TensorImage, default_device
from fastai.vision.core import imagenet_stats
from fastcore.basics import noop
from numpy.typing import NDArray
from torch import Tensor

from wildcam.training.fastai_backend.augmentation import augmentation_transforms
from wildcam.training.inputs.batches import Reader
from wildcam.training.inputs.mixup import mix, one_hot
from wildcam.training.inputs.sampling import even_batches, sample_epoch
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples, Plan


class Batches:
    """Iterates over whole batches in the order of the images: images uint8, (B, 3, S, S), targets int64, (B,)."""

    n_inp = 1  # fastai's word for how many of a batch's members are input
    split_idx = 0  # its number for training images: some random transforms would skip any other

    def __init__(self, examples: Examples, batch_size: int) -> None:
        self._examples = examples
        self._reader = Reader(examples)
        self._batches = even_batches(np.arange(len(examples)), batch_size)

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[tuple[TensorImage, Tensor]]:
        for step, (images, classes) in enumerate(self._reader.ahead(self._batches)):
            images, targets = self._finish(step, images, classes)
            pixels = torch.from_numpy(images).permute(0, 3, 1, 2)  # (B, 3, S, S)
            yield TensorImage(pixels), torch.from_numpy(targets)

    def _finish(self, step: int, images: NDArray[np.uint8], targets: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray]:
        return images, targets


class TrainingBatches(Batches):
    """Batches sampled anew for every epoch; with mixup, targets are shares of the classes, float32, (B, C)."""

    def __init__(self, examples: Examples, recipe: Recipe, classes: int) -> None:
        super().__init__(examples, recipe.batch_size)
        self._recipe = recipe
        self._classes = classes
        self.start_epoch(1)

    def start_epoch(self, epoch: int) -> None:
        """Sample the epoch's batches; epochs count from 1."""
        self._epoch = epoch
        self._batches = sample_epoch(self._recipe, self._examples.targets, epoch)

    def _finish(self, step: int, images: NDArray[np.uint8], targets: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray]:
        recipe = self._recipe
        if not recipe.mixup:
            return images, targets
        return mix(images, one_hot(targets, self._classes), recipe.mixup, (recipe.seed, self._epoch, step))


def data_loaders(
    plan: Plan, mean: Sequence[float] = imagenet_stats[0], deviation: Sequence[float] = imagenet_stats[1]
) -> DataLoaders:
    """Training images with augmentation, validation images without; 0–1, less `mean` and over `deviation`."""
    recipe, device = plan.recipe, default_device()
    transforms = [IntToFloatTensor(), Normalize.from_stats(list(mean), list(deviation))]

    def loader(batches: Batches, after_batch: list) -> TfmdDL:
        # Nothing is left to collate, and nothing is forked.
        return TfmdDL(batches, bs=None, num_workers=0, do_batch=noop, after_batch=after_batch, device=device)

    train = TrainingBatches(plan.train, recipe, len(plan.classes))
    return DataLoaders(
        loader(train, [*transforms, *augmentation_transforms(recipe.augmentation)]),
        loader(Batches(plan.val, recipe.batch_size), transforms),
        device=device,
    )
