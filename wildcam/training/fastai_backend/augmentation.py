"""The recipe's augmentation as fastai's batch transforms, for training only."""

import wildcam.architectures.torchvision_operators  # noqa: F401
from wildcam.augmentation import FASTAI_SHARE, Augmentation

# isort: split
from fastai.vision.augment import Brightness, Contrast, Flip, RandTransform, Rotate, Warp, Zoom, setup_aug_tfms


def augmentation_transforms(augmentation: Augmentation) -> list[RandTransform]:
    """The transforms that the ranges ask for, none for a range of zero: those in space as one, then those of light.

    fastai's `aug_transforms` has a single range for brightness and contrast, and does not shrink.
    """
    chosen = []
    if augmentation.flip:
        chosen.append(Flip())
    if warp := augmentation.warp:
        chosen.append(Warp(warp, p=FASTAI_SHARE))
    if turn := augmentation.rotation_degrees:
        chosen.append(Rotate(turn, p=FASTAI_SHARE))
    if zoom := augmentation.zoom:
        chosen.append(Zoom(1 - zoom, 1 + zoom, p=FASTAI_SHARE))
    if brightness := augmentation.brightness:
        chosen.append(Brightness(2 * brightness, p=FASTAI_SHARE))  # in its units, 0.2 moves a middle grey by 0.1
    if contrast := augmentation.contrast:
        chosen.append(Contrast(contrast, p=FASTAI_SHARE))
    return list(setup_aug_tfms(chosen))
