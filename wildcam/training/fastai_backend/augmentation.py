"""The recipe's augmentation as fastai's batch transforms, for training only."""

import wildcam.architectures.torchvision_operators  # noqa: F401
from wildcam.augmentation import FASTAI_SHARE, Augmentation

# isort: split
from fastai.vision.augment import Brightness, Contrast, Flip, RandTransform, Rotate, Warp, Zoom, setup_aug_tfms


def augmentation_transforms(augmentation: Augmentation) -> list[RandTransform]:
    """The transforms of the ranges, none for a range of zero: those of geometry as one, then those of light.

    fastai's `aug_transforms` has a single range for brightness and contrast, and does not shrink.
    """
    transforms = []
    if augmentation.flip:
        transforms.append(Flip())
    if warp := augmentation.warp:
        transforms.append(Warp(warp, p=FASTAI_SHARE))
    if degrees := augmentation.rotation_degrees:
        transforms.append(Rotate(degrees, p=FASTAI_SHARE))
    if zoom := augmentation.zoom:
        transforms.append(Zoom(1 - zoom, 1 + zoom, p=FASTAI_SHARE))
    if brightness := augmentation.brightness:
        transforms.append(Brightness(2 * brightness, p=FASTAI_SHARE))  # in its units, 0.2 moves a middle grey by 0.1
    if contrast := augmentation.contrast:
        transforms.append(Contrast(contrast, p=FASTAI_SHARE))
    return list(setup_aug_tfms(transforms))
