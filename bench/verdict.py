"""Files to verdicts with two heads on one frozen backbone, against the obvious loop, and against decoding alone.

The models that came with WildCam serve; without them nothing is measured. Photos of 1024 × 747; two threads on either
side; a round runs every way once, so what disturbs the machine disturbs them all. Ratios are medians of the rounds'
ratios.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from bench.presets import EMPTY_SHARE, Obvious, scaled, timed
from wildcam.errors import WildcamError
from wildcam.images import load_rgb, load_square
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.bundle import Bundle, open_bundle
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.two_stage import Thresholds
from wildcam.serving.two_stage_classifier import TwoStageClassifier, load_two_stage
from wildcam.settings import PROJECT_DIR, load_settings

SIZE = (1024, 747)
ROUNDS = 3
PAIR = ("field_empty", "field_species")
VIEWS = {"plain": 1, "tta": 4}
TARGETS = {"plain": 8, "tta": 20}
MOST_OVER_DECODING, MOST_UPLOAD_MS, MOST_BATCH_MB = 1.6, 50, 600


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = scaled(Path(name), SIZE)
        files = sorted(folder.glob("*.jpg"))
        pair = _pair()
        if pair is None:
            print("The field models are not there: train and promote them as field_empty and field_species.")
            return
        ours = load_two_stage(*pair)
        print(
            f"{len(files)} photos, {SIZE[0]} × {SIZE[1]}; stages in one pass: {'yes' if ours.has_one_pass else 'no'}; "
            f"{ours.empty.precision.display}; median of {ROUNDS} rounds"
        )
        _compare(ours, files, folder)
        _show_upload(ours, files)
        _show_memory(folder)


def _pair() -> tuple[Bundle, Bundle] | None:
    models = load_settings().model_dirs
    try:
        return open_bundle(models, PAIR[0]), open_bundle(models, PAIR[1])
    except WildcamError:
        return None


def _compare(ours: TwoStageClassifier, files: list[Path], folder: Path) -> None:
    thresholds = Thresholds(_threshold(ours, files), 0.0)
    obvious = Obvious("bench.obvious_timm")
    seconds: dict[str, list[float]] = {}
    for number in range(ROUNDS + 1):
        taken = {"decoding": timed(partial(_decode, files))}
        for way, views in VIEWS.items():
            taken[way] = timed(partial(_identify, ours, files, InferenceOptions(views, thresholds=thresholds)))
            taken[f"obvious {way}"] = obvious.seconds(way, folder)
        closer = InferenceOptions(1, thresholds=thresholds, closer_weight=0.5)
        taken["closer"] = timed(partial(_identify, ours, files, closer))
        if number:  # the first round loads
            for who, value in taken.items():
                seconds.setdefault(who, []).append(value)
    obvious.end()
    speeds = {who: len(files) / statistics.median(own) for who, own in seconds.items()}
    for way in VIEWS:
        print(
            f"  {way:<6}{speeds[way]:6.1f} a second against {speeds[f'obvious {way}']:6.1f}: "
            f"{_ratio(seconds, f'obvious {way}', way):5.1f} × as fast (target {TARGETS[way]})"
        )
    print(
        f"  plain takes {_ratio(seconds, 'plain', 'decoding'):.2f} × the decoding alone, {speeds['decoding']:.1f} a "
        f"second (target at most {MOST_OVER_DECODING})"
    )
    dearer = {way: _ratio(seconds, way, "plain") for way in ("tta", "closer")}
    print(f"  4 views cost {dearer['tta']:.2f} ×, a closer look {dearer['closer']:.2f} ×")


def _ratio(seconds: dict[str, list[float]], first: str, second: str) -> float:
    return statistics.median(a / b for a, b in zip(seconds[first], seconds[second], strict=True))


def _decode(files: list[Path]) -> None:
    """As the models get them before they are resized, by as many threads."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(load_rgb, files))


def _identify(ours: TwoStageClassifier, files: list[Path], options: InferenceOptions) -> None:
    list(classify_images(partial(ours.identify, options=options), ((file, None) for file in files)))


def _threshold(ours: TwoStageClassifier, files: list[Path]) -> float:
    """From which on the share of empties is EMPTY_SHARE."""
    images = np.stack([load_square(path, ours.empty.card.image_size) for path in files])
    return float(np.quantile(ours.empty.predict(images)[:, 0], 1 - EMPTY_SHARE))


def _show_upload(ours: TwoStageClassifier, files: list[Path]) -> None:
    """One photo at a time, in memory, warm."""
    options = InferenceOptions(4, thresholds=Thresholds(1.0, 0.0))  # none is empty: the longest way
    taken = [timed(partial(ours.identify, file.read_bytes(), options)) for file in files]
    print(
        f"  one upload with 4 views: median {1000 * statistics.median(taken):.0f} ms (target at most {MOST_UPLOAD_MS})"
    )


def _show_memory(folder: Path) -> None:
    """Of a process that does nothing but the batch, at its largest."""
    command = [sys.executable, "-m", "bench.verdict", str(folder)]
    done = subprocess.run(command, cwd=PROJECT_DIR, check=True, capture_output=True, text=True)
    print(f"  memory of a batch with 4 views: {done.stdout.strip()} MB (target at most {MOST_BATCH_MB})")


def _batch(folder: Path) -> None:
    pair = _pair()
    assert pair is not None
    _identify(load_two_stage(*pair), sorted(folder.glob("*.jpg")), InferenceOptions(4))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


if __name__ == "__main__":
    _batch(Path(sys.argv[1]))
