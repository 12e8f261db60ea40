"""Photographs as fastai's loaders: read by threads, transformed batch by batch on the training device."""

from collections.abc import Iterator

import numpy as np
import torch
from fastai.data.core import DataLoaders, TfmdDL
from fastai.data.transforms import IntToFloatTensor, Normalize
from fastai.torch_core import TensorImage, default_device
from fastai.vision.core import imagenet_stats
from fastcore.basics import noop
from torch import Tensor

from wildcam.training.batches import Reader, even_batches, shuffled
from wildcam.training.fastai_augmentation import augmentation_transforms
from wildcam.training.trainer import Examples, Plan


class Batches:
    """Iterates over whole batches: pictures uint8, (B, 3, S, S), and targets int64, (B,).

    In the order of the photographs until `shuffle` is called.
    """

    n_inp = 1  # fastai's word for how many of a batch's members are input
    split_idx = 0  # its number for training photographs: some random transforms would skip any other

    def __init__(self, examples: Examples, batch_size: int) -> None:
        self._examples = examples
        self._batch_size = batch_size
        self._reader = Reader(examples.photographs)
        self._batches = even_batches(np.arange(len(examples)), batch_size)

    def shuffle(self, seed: int, epoch: int) -> None:
        """Deal the photographs anew; epochs count from 1."""
        self._batches = even_batches(shuffled(len(self._examples), seed, epoch), self._batch_size)

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[tuple[TensorImage, Tensor]]:
        for positions, images in zip(self._batches, self._reader.ahead(self._batches), strict=True):
            pictures = torch.from_numpy(images).permute(0, 3, 1, 2)  # (B, 3, S, S)
            yield TensorImage(pictures), torch.from_numpy(self._examples.targets[positions])


def data_loaders(plan: Plan) -> DataLoaders:
    """Training photographs with augmentation, validation photographs without; normalised by ImageNet's statistics."""
    recipe, device = plan.recipe, default_device()
    transforms = [IntToFloatTensor(), Normalize.from_stats(*imagenet_stats)]

    def loader(examples: Examples, after_batch: list) -> TfmdDL:
        # Nothing is left to collate, and nothing is forked.
        batches = Batches(examples, recipe.batch_size)
        return TfmdDL(batches, bs=None, num_workers=0, do_batch=noop, after_batch=after_batch, device=device)

    train = loader(plan.train, [*transforms, *augmentation_transforms(recipe.augmentation)])
    return DataLoaders(train, loader(plan.val, transforms), device=device)
