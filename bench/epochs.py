"""Epochs that read from the cache against the same steps on arrays in memory, and against the obvious pipelines.

A process for each preset, since torch and TensorFlow share one badly; within it everything is interleaved. An epoch
is training alone: same network, same augmentation, same batches, no validation.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from wildcam.architectures.presets import Framework, find_preset
from wildcam.demo import generate_demo
from wildcam.settings import PROJECT_DIR
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples, Plan

PHOTOS = Path(os.environ.get("WILDCAM_PHOTOS", PROJECT_DIR.parent / "shared" / "photos"))
LEAST_SIDE = 400  # px; smaller ones are not what a camera takes
MOST_AGAINST_MEMORY, LEAST_LATER = 1.15, 2.0
CACHE_BYTES = 2_000_000_000

Seconds = list[float]  # of each epoch, the first from the start of the work
Way = Callable[[], Seconds]


@dataclass(frozen=True)
class Case:
    """What is measured of a preset."""

    preset: str
    image_size: int
    images: int
    batch_size: int
    epochs: int
    rounds: int


CASES = (
    Case("empty_cnn", 56, 512, 32, epochs=5, rounds=7),
    Case("efficientnet_b0", 224, 48, 16, epochs=2, rounds=3),
    Case("resnet50", 64, 128, 32, epochs=3, rounds=3),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = find_images(Path(folder))
        for case in CASES:
            _link(files[: case.images], Path(folder, case.preset))
            command = [sys.executable, "-m", "bench.epochs", case.preset, str(Path(folder, case.preset))]
            environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
            done = subprocess.run(
                command, cwd=PROJECT_DIR, env=environment, stdout=subprocess.PIPE, text=True, check=True
            )
            _show(case, json.loads(done.stdout.splitlines()[-1]))


def find_images(folder: Path) -> list[Path]:
    """Files of images, real ones where there are any, in an order that mixes their sources."""
    files = [path for path in PHOTOS.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg"} and _is_large(path)]
    print(f"{len(files)} real photos from {PHOTOS}" if files else "demo photos")
    if not files:
        files = list(generate_demo(folder / "demo", images=700).images_dir.rglob("*.jpg"))
    return [files[k] for k in np.random.default_rng(0).permutation(len(files))]


def _is_large(path: Path) -> bool:
    with Image.open(path) as image:
        return min(image.size) >= LEAST_SIDE and max(image.size) <= 1600 and image.mode == "RGB"


def _link(files: list[Path], folder: Path) -> None:
    """Two classes, as pipelines that read folders want them. Which image is of which has no meaning."""
    for number, path in enumerate(sorted(files)):
        link = folder / str(number % 2) / f"{number:04}.jpg"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path.absolute())


def _show(case: Case, seconds: dict[str, list[Seconds]]) -> None:
    first = {way: statistics.median(epochs[0] for epochs in rounds) for way, rounds in seconds.items()}
    later = {way: statistics.median(s for epochs in rounds for s in epochs[1:]) for way, rounds in seconds.items()}
    print(
        f"{case.preset} at {case.image_size} px, {case.images} photos, batch {case.batch_size}, "
        f"{case.rounds} interleaved rounds of {case.epochs} epochs"
    )
    for way in seconds:
        print(f"  {way:<30}first epoch {first[way]:6.2f} s, later ones {later[way]:6.2f} s")
    ratio = _median_ratio(seconds["cached"], seconds["in memory"], later=True)
    print(f"  a later epoch takes {ratio:.2f} × that on arrays in memory (target at most {MOST_AGAINST_MEMORY})")
    for way in list(seconds)[2:]:
        begin = _median_ratio(seconds[way], seconds["cached"], later=False)
        then = _median_ratio(seconds[way], seconds["cached"], later=True)
        print(f"  against {way}: first epoch {begin:.2f} × as fast (target 1),", end=" ")
        print(f"later ones {then:.2f} × (target {LEAST_LATER:g} for empty_cnn)")


def _median_ratio(ones: list[Seconds], others: list[Seconds], *, later: bool) -> float:
    """Of the rounds' ratios: what disturbs a round disturbs both."""
    part = slice(1, None) if later else slice(0, 1)
    rounds = zip(ones, others, strict=True)
    return statistics.median(statistics.median(one[part]) / statistics.median(other[part]) for one, other in rounds)


def measure(case: Case, folder: Path) -> dict[str, list[Seconds]]:
    """Every way's epochs, a list a round, after a round that nobody counts: it builds graphs and fills caches."""
    with tempfile.TemporaryDirectory() as home:
        make = _keras_ways if find_preset(case.preset).framework is Framework.KERAS else _fastai_ways
        ways = make(case, folder, Path(home))
        seconds: dict[str, list[Seconds]] = {way: [] for way in ways}
        for number in range(1 + case.rounds):
            for way, run in ways.items():
                taken = run()
                if number:
                    seconds[way].append(taken)
    return seconds


def _examples(case: Case, folder: Path, home: Path) -> Iterator[Examples]:
    """The images, each time with an empty cache of their own."""
    paths = sorted(folder.rglob("*.jpg"))
    targets = np.array([int(path.parent.name) for path in paths])
    number = 0
    while True:
        number += 1
        with PixelCache(home / f"pixels{number}", CACHE_BYTES) as cache:
            yield Examples(ImageSet(paths, case.image_size, cache), targets)


def _keras_ways(case: Case, folder: Path, home: Path) -> dict[str, Way]:
    import keras
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    from wildcam.architectures.keras_models import build_network
    from wildcam.training.keras_backend.augmentation import for_training
    from wildcam.training.keras_backend.batches import Batches

    recipe = Recipe.of("bench", case.preset, image_size=case.image_size, batch_size=case.batch_size)
    network = build_network(case.preset, 2, case.image_size)
    sigmoid = network.output_shape[-1] == 1
    model = for_training(network, recipe.augmentation)
    model.compile("adam", "binary_crossentropy" if sigmoid else "sparse_categorical_crossentropy", jit_compile=False)
    examples = _examples(case, folder, home)
    whole = next(examples)
    images, targets = whole.images.batch(range(len(whole))), whole.targets

    class Clock(keras.callbacks.Callback):
        def __init__(self, batches: Batches | None = None) -> None:
            super().__init__()
            self.begun, self.batches = time.perf_counter(), batches
            self.ends: list[float] = []

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if self.batches is not None:
                self.batches.start_epoch(epoch + 1)

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.ends.append(time.perf_counter())

    def fit(make: Callable[[], dict[str, Any]], batches: bool = False) -> Seconds:
        clock = Clock()
        data = make()
        clock.batches = data["x"] if batches else None
        model.fit(**data, epochs=case.epochs, callbacks=[clock], verbose=0)
        return np.diff([clock.begun, *clock.ends]).tolist()

    def cached() -> dict[str, Any]:
        return {"x": Batches(next(examples), recipe, 2, sigmoid=sigmoid), "shuffle": False}

    def in_memory() -> dict[str, Any]:
        return {
            "x": images,
            "y": targets.astype(np.float32)[:, None] if sigmoid else targets,
            "batch_size": case.batch_size,
        }

    size = (case.image_size,) * 2

    def from_directory() -> dict[str, Any]:
        files = keras.utils.image_dataset_from_directory(
            folder, image_size=size, batch_size=case.batch_size, verbose=False
        )
        as_trained = files.map(lambda batch_images, classes: (keras.ops.cast(batch_images, "uint8"), classes))
        return {"x": as_trained, "shuffle": False}  # it shuffles by itself

    def generator() -> dict[str, Any]:
        files = ImageDataGenerator(dtype="uint8")
        options = {"target_size": size, "batch_size": case.batch_size, "class_mode": "binary"}
        with redirect_stdout(sys.stderr):
            return {"x": files.flow_from_directory(folder, **options), "shuffle": False}

    ways: dict[str, Way] = {"cached": partial(fit, cached, batches=True), "in memory": partial(fit, in_memory)}
    if not sigmoid:
        return ways
    obvious = {"image_dataset_from_directory": from_directory, "ImageDataGenerator": generator}
    return ways | {name: partial(fit, make) for name, make in obvious.items()}


def _fastai_ways(case: Case, folder: Path, home: Path) -> dict[str, Way]:
    from wildcam.architectures.fastai_models import build_network  # isort: skip  # first: fastai may not import without
    import torch
    from fastai.callback.core import Callback, CancelValidException, TrainEvalCallback
    from fastai.data.core import DataLoaders
    from fastai.learner import CastToTensor, Learner, Recorder
    from fastai.losses import CrossEntropyLossFlat
    from fastai.torch_core import TensorImage
    from fastai.vision.augment import Resize, ResizeMethod
    from fastai.vision.data import ImageDataLoaders
    from fastcore.basics import noop

    from wildcam.training.fastai_backend.batches import data_loaders
    from wildcam.training.inputs.sampling import even_batches, shuffled

    recipe = Recipe.of("bench", case.preset, image_size=case.image_size, batch_size=case.batch_size)
    network = build_network(2)
    examples = _examples(case, folder, home)
    whole = next(examples)
    images, targets = torch.from_numpy(whole.images.batch(range(len(whole)))), torch.from_numpy(whole.targets)

    steps = ceil(len(whole) / case.batch_size)

    class Clock(Callback):
        def __init__(self) -> None:
            self.begun, self.batches = time.perf_counter(), None
            self.ends: list[float] = []

        def before_train(self) -> None:
            if self.batches is not None:
                self.batches.start_epoch(1 + self.epoch)

        def after_train(self) -> None:
            self.ends.append(time.perf_counter())

        def before_validate(self) -> None:
            raise CancelValidException

    class InMemory:
        n_inp, split_idx = 1, 0

        def start_epoch(self, epoch: int) -> None:
            self.batches = even_batches(shuffled(len(images), 0, epoch), case.batch_size)

        def __len__(self) -> int:
            return len(self.batches)

        def __iter__(self) -> Iterator[Any]:
            for positions in self.batches:
                yield TensorImage(images[positions].permute(0, 3, 1, 2)), targets[positions]

    def fit(make: Callable[[], DataLoaders], batches: bool) -> Seconds:
        clock = Clock()
        loaders = make()
        clock.batches = loaders.train_ds if batches else None
        callbacks = [TrainEvalCallback(), CastToTensor(), Recorder(), clock]
        learner = Learner(
            loaders, network, CrossEntropyLossFlat(), cbs=callbacks, default_cbs=False
        )  # no progress bars
        learner.logger = noop
        learner.fit(case.epochs)
        # fastai leaves out the last, smaller batch.
        return (np.diff([clock.begun, *clock.ends]) * (steps / len(loaders.train))).tolist()

    def cached() -> DataLoaders:
        both = next(examples)
        return data_loaders(Plan(recipe, ("0", "1"), both, both, Path(), Path()))

    def in_memory() -> DataLoaders:
        loaders = cached()
        loaders.train.dataset = InMemory()
        loaders.train.dataset.start_epoch(1)
        return loaders

    def obvious() -> DataLoaders:
        transforms = data_loaders(Plan(recipe, ("0", "1"), whole, whole, Path(), Path())).train.after_batch.fs
        squash = Resize(case.image_size, method=ResizeMethod.Squish)
        return ImageDataLoaders.from_folder(
            folder, valid_pct=0.01, item_tfms=squash, batch_tfms=[*transforms], bs=case.batch_size
        )

    return {
        "cached": partial(fit, cached, batches=True),
        "in memory": partial(fit, in_memory, batches=True),
        "ImageDataLoaders": partial(fit, obvious, batches=False),
    }


if __name__ == "__main__":
    case = next(case for case in CASES if case.preset == sys.argv[1])
    print(json.dumps(measure(case, Path(sys.argv[2]))))
