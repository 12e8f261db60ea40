"""What one would write first with fastai: a ResNet-50's `get_preds` and `tta` over files, as the experiment did.

A process that times `plain FOLDER` or `tta FOLDER`, a line each on standard input, and answers in seconds.
"""

import sys
import tempfile
import time
from pathlib import Path

import torch

import wildcam.architectures.torchvision_operators  # noqa: F401 (fastai may not import without)

# isort: split
from fastai.callback.progress import ProgressCallback  # its module gives learners `no_bar`
from fastai.learner import Learner
from fastai.vision.augment import Resize, ResizeMethod, aug_transforms
from fastai.vision.core import PILImage
from fastai.vision.data import ImageDataLoaders
from fastai.vision.learner import vision_learner
from PIL import Image
from torchvision.models import resnet50

from bench.models import CLASSES

SIDE, BATCH, MORE_VIEWS = 224, 64, 3


def main() -> None:
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as folder:
        learner = _learner(Path(folder))
        print("ready", flush=True)
        for line in sys.stdin:
            way, _, images = line.split(maxsplit=2)  # it has one stage: the share of empties is not its matter
            files = sorted(Path(images.strip()).glob("*.jpg"))
            begun = time.perf_counter()
            loader = learner.dls.test_dl(files)
            if way == "tta":
                learner.tta(dl=loader, n=MORE_VIEWS)
            else:
                learner.get_preds(dl=loader)
            print(time.perf_counter() - begun, flush=True)


def _learner(folder: Path) -> Learner:
    """From folders of a class each; its weights stay as they were drawn."""
    for label in range(CLASSES):
        (folder / str(label)).mkdir()
        for number in range(2):
            Image.new("RGB", (64, 64), (label, number, 0)).save(folder / str(label) / f"{number}.jpg")
    loaders = ImageDataLoaders.from_folder(
        folder,
        valid_pct=0.5,
        seed=0,
        item_tfms=Resize(SIDE, method=ResizeMethod.Squish),
        img_cls=PILImage,
        batch_tfms=aug_transforms(max_rotate=10, max_zoom=1.1, max_lighting=0.2, max_warp=0.2),
        bs=BATCH,
        num_workers=0,
    )
    learner = vision_learner(loaders, resnet50, pretrained=False, normalize=True)
    learner.remove_cb(ProgressCallback)  # it writes to standard output
    return learner


if __name__ == "__main__":
    main()
