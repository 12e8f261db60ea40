"""Files to verdicts: two stages against the obvious pipelines; the cost of views, one upload, and bfloat16.

Untrained networks of full size, real images where there are any, two threads on either side; a round runs every
way once, so what disturbs the machine disturbs them all. Ratios are medians of the rounds' ratios.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from bench.epochs import find_images
from bench.models import untrained
from wildcam.demo import generate_demo
from wildcam.images import load_square
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.bundle import Bundle, choose_pair
from wildcam.serving.classifier import MOST_CHANGED, Classifier
from wildcam.serving.engine import has_bfloat16
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.trials import EnginePrecision
from wildcam.serving.two_stage import Thresholds, Verdict
from wildcam.serving.two_stage_classifier import TwoStageClassifier
from wildcam.settings import PROJECT_DIR, load_settings

IMAGES, ROUNDS = 48, 3
SIZES: tuple[tuple[int, int] | None, ...] = ((1024, 747), (2048, 1536), None)  # None: as they are
EMPTY_SHARE = 0.34
"""Of iWildCam 2020's train images; stage 1's threshold is set so that it calls so many empty."""

TARGETS = {
    ("resnet50", "tta"): 10,
    ("efficientnet_b0", "tta"): 8,
    ("resnet50", "plain"): 4,
    ("efficientnet_b0", "plain"): 4,
}
OBVIOUS = {"resnet50": "bench.obvious_fastai", "efficientnet_b0": "bench.obvious_keras"}
VIEWS = {"plain": 1, "tta": 4}
QUICK = "quick"  # two views, and the others only where these disagree


class Obvious:
    """An obvious pipeline in a process of its own, which its framework needs."""

    def __init__(self, module: str) -> None:
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "2"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=PROJECT_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._answer()

    def seconds(self, way: str, folder: Path) -> float:
        """What it took for all images of a folder."""
        self._requests.write(f"{way} {EMPTY_SHARE} {folder}\n")
        self._requests.flush()
        return float(self._answer())

    def end(self) -> None:
        """Let the process go."""
        self._requests.close()
        self._process.wait()

    def _answer(self) -> str:
        line = self._answers.readline().strip()
        if not line:
            raise RuntimeError("The obvious pipeline ended early.")
        return line


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sets = {size: scaled(folder, size) for size in SIZES}
        empty = untrained("empty_cnn", folder)
        for preset in OBVIOUS:
            _compare(preset, empty, untrained(preset, folder), sets)
        _show_quick_changes(folder)


def scaled(folder: Path, size: tuple[int, int] | None) -> Path:
    """Real images in one folder, scaled to this size."""
    scaled_folder = folder / (f"{size[0]}x{size[1]}" if size else "originals")
    scaled_folder.mkdir()
    for number, path in enumerate(find_images(folder)[:IMAGES]):
        target = scaled_folder / f"{number:03}.jpg"
        if size:
            with Image.open(path) as image:
                image.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(target, quality=90)
        else:
            target.symlink_to(path)
    return scaled_folder


def _compare(preset: str, empty: Bundle, species: Bundle, sets: dict[tuple[int, int] | None, Path]) -> None:
    changed = _changed_by_bfloat16(species, sets[None])
    half = changed is not None and changed <= MOST_CHANGED
    print(
        f"\n{preset}: bfloat16 changes {'–' if changed is None else f'{changed:.1%}'} of the answers; "
        f"{'used' if half else 'not used'}"
    )
    precision = EnginePrecision.BFLOAT16 if half else EnginePrecision.FLOAT32
    ours = TwoStageClassifier(*(Classifier(bundle, precision=precision) for bundle in (empty, species)))
    thresholds = Thresholds(_threshold(ours, sets[None]), 0.0)
    obvious = Obvious(OBVIOUS[preset])
    for size, folder in sets.items():
        files = sorted(folder.glob("*.jpg"))
        seconds: dict[tuple[str, str], list[float]] = {}
        for number in range(ROUNDS + 1):
            for way, views in VIEWS.items():
                taken = {
                    "ours": timed(partial(_identify, ours, files, views, thresholds)),
                    "obvious": obvious.seconds(way, folder),
                }
                if way == "tta":
                    taken[QUICK] = timed(partial(_identify, ours, files, views, thresholds, quick=True))
                if number:  # the first round loads and traces
                    for who, value in taken.items():
                        seconds.setdefault((who, way), []).append(value)
        _show(preset, size, len(files), seconds)
    _show_upload(ours, sorted(sets[SIZES[0]].glob("*.jpg")), thresholds)
    obvious.end()


def _identify(
    ours: TwoStageClassifier, files: list[Path], views: int, thresholds: Thresholds, quick: bool = False
) -> list[Verdict]:
    options = InferenceOptions(views=views, thresholds=thresholds, quick=quick)
    return list(classify_images(partial(ours.identify, options=options), ((file, None) for file in files)))


def _show(preset: str, size: tuple[int, int] | None, images: int, seconds: dict[tuple[str, str], list[float]]) -> None:
    print(f"  {images} photos, {f'{size[0]} × {size[1]}' if size else 'as they are'}, median of {ROUNDS} rounds")
    for way in VIEWS:
        mine, theirs = seconds["ours", way], seconds["obvious", way]
        ratio = statistics.median(b / a for a, b in zip(mine, theirs, strict=True))
        speeds = [images / statistics.median(values) for values in (mine, theirs)]
        print(
            f"    {way:<6}{speeds[0]:6.1f} a second against {speeds[1]:6.1f}: {ratio:5.1f} × as fast "
            f"(target {TARGETS[preset, way]})"
        )
    quick = statistics.median(b / a for a, b in zip(seconds[QUICK, "tta"], seconds["obvious", "tta"], strict=True))
    print(
        f"    quick {images / statistics.median(seconds[QUICK, 'tta']):6.1f} a second: {quick:5.1f} × as fast as the "
        "obvious tta"
    )
    cost = statistics.median(b / a for a, b in zip(seconds["ours", "plain"], seconds["ours", "tta"], strict=True))
    print(f"    4 views cost {cost:.2f} × one (target at most 3.2)")


def _show_upload(ours: TwoStageClassifier, files: list[Path], thresholds: Thresholds) -> None:
    """One image at a time, in memory, warm."""
    taken = [
        timed(partial(ours.identify, file.read_bytes(), InferenceOptions(thresholds=thresholds))) for file in files
    ]
    print(f"  one upload with 4 views: median {1000 * statistics.median(taken):.0f} ms (target at most 100)")


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _threshold(ours: TwoStageClassifier, folder: Path) -> float:
    """From which on the share of empties is EMPTY_SHARE."""
    images = np.stack([load_square(path, ours.empty.card.image_size) for path in sorted(folder.glob("*.jpg"))])
    return float(np.quantile(ours.empty.predict(images)[:, 0], 1 - EMPTY_SHARE))


def _changed_by_bfloat16(species: Bundle, folder: Path) -> float | None:
    if not has_bfloat16():
        return None
    images = np.stack([load_square(path, species.card.image_size) for path in sorted(folder.glob("*.jpg"))])
    answers = [Classifier(species, precision=precision).predict(images).argmax(axis=1) for precision in EnginePrecision]
    return float((answers[0] != answers[1]).mean())


def _show_quick_changes(folder: Path) -> None:
    """With models that learned something: the demo models on the demo data set's test images."""
    source = generate_demo(folder / "demo", images=1200)
    files = sorted(source.images_dir.glob("test/*.jpg"))
    demo = TwoStageClassifier(*map(Classifier, choose_pair(load_settings().model_dirs, "demo_empty", "demo_species")))
    slow, quick = (_identify(demo, files, 4, demo.thresholds, quick) for quick in (False, True))
    changed = sum(a.label != b.label for a, b in zip(slow, quick, strict=True)) / len(files)
    views = statistics.mean(len(verdict.views) for verdict in quick if verdict.views)
    print(
        f"\nquick, with the demo models on {len(files)} demo photos: {views:.2f} views each, "
        f"{changed:.1%} of the answers change"
    )
