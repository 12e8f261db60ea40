"""What a verdict costs by its number of views, interleaved in one process, by median and ratio."""

import statistics
import tempfile
import time
from pathlib import Path

from wildcam.data.demo import generate_demo
from wildcam.serving.bundle import choose_pair
from wildcam.serving.classifier import Classifier, TwoStageClassifier
from wildcam.settings import load_settings

PHOTOGRAPHS, ROUNDS = 120, 5
VIEWS = (1, 4, 9)


def main() -> None:
    """Time plain prediction against test-time augmentation on the same photographs."""
    empty, species = choose_pair(load_settings().models)
    classifier = TwoStageClassifier(Classifier(empty), Classifier(species))
    with tempfile.TemporaryDirectory() as folder:
        source = generate_demo(Path(folder, "demo"), photographs=PHOTOGRAPHS)
        photographs = sorted(source.images_dir.glob("test/*.jpg"))
        seconds: dict[int, list[float]] = {views: [] for views in VIEWS}
        for _ in range(ROUNDS):
            for views in VIEWS:
                start = time.perf_counter()
                for photograph in photographs:
                    classifier.identify(photograph, views=views)
                seconds[views].append((time.perf_counter() - start) / len(photographs))
    plain = statistics.median(seconds[1])
    print(f"{empty.name} and {species.name}, {len(photographs)} photographs, median of {ROUNDS} rounds")
    for views, taken in seconds.items():
        median = statistics.median(taken)
        print(f"{views} views: {1000 * median:6.1f} ms a photograph, {median / plain:4.2f} × plain")
