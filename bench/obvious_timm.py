"""What one would write first with timm: two models, a `DataLoader`, views one after the other.

A process that times `plain SHARE FOLDER` or `tta SHARE FOLDER`, a line each on standard input, and answers in seconds.
"""

import sys
import time
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

import wildcam.architectures.torchvision_operators  # noqa: F401 (timm may not import without)

# isort: split
import timm

SIDE, BATCH, WORKERS, CLASSES = 224, 32, 2, 60
VIEWS = (
    lambda images: images,
    lambda images: images.flip(3),
    lambda images: images + 0.05,
    lambda images: images - 0.05,
)


class Photos(Dataset[Tensor]):
    """Files of a folder, decoded and resized each time that they are asked for."""

    def __init__(self, files: list[Path]) -> None:
        self.files = files

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> Tensor:
        with Image.open(self.files[index]) as image:
            resized = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        pixels = torch.frombuffer(bytearray(resized.tobytes()), dtype=torch.uint8)
        return (pixels.view(SIDE, SIDE, 3).permute(2, 0, 1).float() / 255 - 0.5) / 0.5


def main() -> None:
    torch.set_num_threads(2)
    empty = timm.create_model("tf_efficientnet_lite0", num_classes=2).eval()
    species = timm.create_model("tf_efficientnet_lite0", num_classes=CLASSES).eval()
    print("ready", flush=True)
    for line in sys.stdin:
        way, share, folder = line.split(maxsplit=2)
        files = sorted(Path(folder.strip()).glob("*.jpg"))
        begun = time.perf_counter()
        views = VIEWS if way == "tta" else VIEWS[:1]
        p_empty = _mean_of(empty, files, views)[:, 0]
        animals = p_empty.argsort()[: len(files) - round(float(share) * len(files))].tolist()
        _mean_of(species, [files[position] for position in animals], views)
        print(time.perf_counter() - begun, flush=True)


def _mean_of(model: nn.Module, files: list[Path], views: tuple) -> Tensor:
    """Probabilities, the mean over the views, (N, C); the files are read again for each view."""
    found = []
    with torch.inference_mode():
        for view in views:
            loader = DataLoader(Photos(files), BATCH, num_workers=WORKERS)
            found.append(torch.cat([model(view(images)).softmax(dim=1) for images in loader]))
    return torch.stack(found).mean(dim=0)


if __name__ == "__main__":
    main()
