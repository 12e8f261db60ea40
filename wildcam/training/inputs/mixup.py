"""Blends images of a batch, and their classes with them (Zhang et al. 2018, arXiv:1710.09412)."""

import numpy as np
from numpy.typing import NDArray

_STREAM = 2  # beside those of the epoch's order


def one_hot(targets: NDArray[np.int64], classes: int) -> NDArray[np.float32]:
    """Each image's shares of the classes: all of its own. float32, (B, C)"""
    return np.eye(classes, dtype=np.float32)[targets]


def mix(
    images: NDArray[np.uint8], shares: NDArray[np.float32], alpha: float, draw: tuple[int, int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Each image with another of the batch; its own share is the larger one. `draw`: seed, epoch, step.

    Before augmentation, so that both are turned and lit alike. uint8, (B, S, S, 3); float32, (B, C).
    """
    random = np.random.default_rng((*draw, _STREAM))
    own = random.beta(alpha, alpha, len(images)).astype(np.float32)
    own = np.maximum(own, 1 - own)
    return blend(images, shares, own, random.permutation(len(images)))


def blend(
    images: NDArray[np.uint8], shares: NDArray[np.float32], own: NDArray[np.float32], partners: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """`own`, (B,), of each image and the rest of its partner, of pixels and classes."""
    keep, give = own[:, None, None, None], 1 - own[:, None, None, None]
    pixels = np.rint(keep * images + give * images[partners]).astype(np.uint8)
    return pixels, own[:, None] * shares + (1 - own[:, None]) * shares[partners]
