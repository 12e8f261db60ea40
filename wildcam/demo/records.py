"""The metadata files, as iWildCam 2020 publishes them."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from wildcam.demo.canvas import Box
from wildcam.demo.plan import TEST, TRAIN, Shot
from wildcam.demo.species import EMPTY, EMPTY_ID, HUMAN, SPECIES

NOT_LISTED_SHARE = 0.03
"""Images that are missing in the detector's file: not run, which is not the same as empty."""

MISSED_SHARE, FALSE_SHARE = 0.04, 0.08
"""Animals that the detector misses, and empty images with a false detection."""

_INFO = {
    "year": 2020,
    "version": "wildcam-demo-1",
    "description": "Drawn photos and metadata in the form of iWildCam 2020, for trying WildCam out.",
    "contributor": "WildCam",
}
_CATEGORY_IDS = {EMPTY: EMPTY_ID, HUMAN.name: HUMAN.category_id} | {
    species.name: species.category_id for species in SPECIES
}
_NEVER_SEEN = {"unknown": 79, "puma concolor": 6, "tapirus bairdii": 376, "panthera onca": 24, "misfire": 404}


@dataclass(frozen=True)
class DemoSource:
    """Where a generated data set lies."""

    images_dir: Path  # holds `train` and `test`
    train_json: Path
    test_json: Path  # images, categories and info; no annotations
    megadetector_json: Path  # boxes of the figures in the 2020 form, keyed by image id; some are missing or wrong
    ground_truth_csv: Path  # image_id,label of the test images: not published by the competition

    @classmethod
    def under(cls, folder: Path) -> "DemoSource":
        """The source with the competition's file names in that folder."""
        return cls(
            images_dir=folder,
            train_json=folder / "iwildcam2020_train_annotations.json",
            test_json=folder / "iwildcam2020_test_information.json",
            megadetector_json=folder / "iwildcam2020_megadetector_results.json",
            ground_truth_csv=folder / "demo_test_ground_truth.csv",
        )


@dataclass(frozen=True)
class Developed:
    """A shot with where its figures ended up; `readable` is false for files damaged on purpose."""

    shot: Shot
    boxes: tuple[Box, ...]
    readable: bool = True


def write_records(source: DemoSource, developed: Sequence[Developed], rng: np.random.Generator) -> None:
    """Write the four metadata files of the source, images and annotations in a shuffled order."""
    shuffled = [developed[i] for i in rng.permutation(len(developed))]
    categories = _categories(shuffled)
    subsets = {
        subset: [each for each in shuffled if each.shot.event.location.subset == subset] for subset in (TRAIN, TEST)
    }
    annotations = [_annotation(each, i) for i, each in enumerate(subsets[TRAIN])]
    annotations = [annotations[i] for i in rng.permutation(len(annotations))]
    train = [_image(each) for each in subsets[TRAIN]]
    _write_json(
        source.train_json,
        {"annotations": annotations, "images": train, "categories": categories, "info": _INFO},
    )
    _write_json(
        source.test_json,
        {"images": [_image(each) for each in subsets[TEST]], "categories": categories, "info": _INFO},
    )
    _write_json(source.megadetector_json, _detections(shuffled, rng))
    with source.ground_truth_csv.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("image_id", "label"))
        table.writerows((each.shot.image_id, each.shot.event.label) for each in subsets[TEST])


def _image(developed: Developed) -> dict[str, Any]:
    shot, event = developed.shot, developed.shot.event
    return {
        "seq_num_frames": event.frames if event.frames_known else -1,
        "location": event.location.number,
        "datetime": f"{shot.taken_at:%Y-%m-%d %H:%M:%S}.000",
        "id": shot.image_id,
        "frame_num": shot.frame + 1 if event.frames_known else -1,
        "seq_id": event.sequence_id,
        "width": event.location.size[0],
        "height": event.location.size[1],
        "file_name": f"{shot.image_id}.jpg",
    }


def _annotation(developed: Developed, number: int) -> dict[str, Any]:
    event = developed.shot.event
    return {
        "count": event.individuals,
        "image_id": developed.shot.image_id,
        "category_id": _CATEGORY_IDS[event.label],
        "id": str(uuid5(NAMESPACE_URL, f"wildcam-demo/{developed.shot.image_id}/{number}")),
    }


def _categories(developed: Iterable[Developed]) -> list[dict[str, Any]]:
    """Every category, by number.

    `count` is not the number of annotations, and is not in the real file either (273,987 against
    217,959): whoever trusts it is caught.
    """
    seen = Counter(_CATEGORY_IDS[each.shot.event.label] for each in developed)
    listed = sorted((number, name) for name, number in (_CATEGORY_IDS | _NEVER_SEEN).items())
    return [{"count": seen[number] + seen[number] // 16 + 1, "id": number, "name": name} for number, name in listed]


def _detections(developed: Iterable[Developed], rng: np.random.Generator) -> dict[str, Any]:
    """What a good detector would say: true boxes a little off, a few missed, a few dreamt up."""
    images = []
    for each in developed:
        if not each.readable or rng.random() < NOT_LISTED_SHARE:
            continue
        found = [_detection(each, box, rng) for box in each.boxes if rng.random() >= MISSED_SHARE]
        if each.shot.event.species is None and rng.random() < FALSE_SHARE:
            corner, size = rng.uniform(0.05, 0.7, 2), rng.uniform(0.05, 0.25, 2)
            found.append(
                {
                    "category": "1",
                    "conf": _round(rng.beta(2, 5)),
                    "bbox": [_round(v) for v in (*corner, *size)],
                }
            )
        found.sort(key=lambda detection: -detection["conf"])
        best = found[0]["conf"] if found else 0.0
        images.append({"id": each.shot.image_id, "max_detection_conf": best, "detections": found})
    return {
        "images": images,
        "detection_categories": {"1": "animal", "2": "person"},
        "info": {
            "format_version": "1.0",
            "detector": "wildcam-demo",
            "detection_completion_time": "2014-03-01 00:00:00",
        },
    }


def _detection(developed: Developed, box: Box, rng: np.random.Generator) -> dict[str, Any]:
    left, top, width, height = box
    edges = np.array((left, top, left + width, top + height)) + rng.normal(0, 0.03, 4) * (
        width,
        height,
        width,
        height,
    )
    x0, y0, x1, y1 = np.clip(edges, 0, 1)
    return {
        "category": "2" if developed.shot.event.species is HUMAN else "1",
        "conf": _round(1 - 0.6 * rng.beta(1.1, 6)),
        "bbox": [_round(value) for value in (x0, y0, x1 - x0, y1 - y0)],
    }


def _round(value: float) -> float:
    return round(float(value), 4)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
