"""The recipe's augmentation as fastai's batch transforms, for training only."""

import wildcam.architectures.torchvision_operators  # noqa: F401
from wildcam.augmentation import Augmentation

# isort: split
from fastai.vision.augment import Brightness, Contrast, Flip, RandTransform, Rotate, Warp, Zoom, setup_aug_tfms

SHARE = 0.75
"""How often each transform but the flip is applied: the chance in fastai's `aug_transforms`."""


def augmentation_transforms(augmentation: Augmentation) -> list[RandTransform]:
    """The transforms that the ranges ask for, none for a range of zero: those in space as one, then those of light.

    fastai's `aug_transforms` has a single range for brightness and contrast, and does not shrink.
    """
    chosen = []
    if augmentation.flip:
        chosen.append(Flip())
    if warp := augmentation.warp:
        chosen.append(Warp(warp, p=SHARE))
    if turn := augmentation.rotation_degrees:
        chosen.append(Rotate(turn, p=SHARE))
    if zoom := augmentation.zoom:
        chosen.append(Zoom(1 - zoom, 1 + zoom, p=SHARE))
    if brightness := augmentation.brightness:
        chosen.append(Brightness(2 * brightness, p=SHARE))  # in its units, 0.2 moves a middle grey by 0.1
    if contrast := augmentation.contrast:
        chosen.append(Contrast(contrast, p=SHARE))
    return list(setup_aug_tfms(chosen))
