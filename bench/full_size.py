"""Metadata of iWildCam 2020's full size and exact class counts, generated: no image stands behind it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

CLASS_COUNTS = Path(__file__).parent / "data" / "iwildcam2020_class_counts.csv"
TRAIN_NAME = "iwildcam2020_train_annotations.json"
TEST_NAME = "iwildcam2020_test_information.json"

TEST_IMAGES = 62_894
TRAIN_LOCATIONS, TEST_LOCATIONS = 441, 111
REGIONS = 12  # a species lives in some of them, a camera hangs in one
LONGEST_BURST = 10
SIZES = np.array([(1024, 747), (1920, 1080), (2048, 1536), (1280, 960), (1795, 1222)])
YEARS = (2010, 2020)
SHORTEST_STAY_DAYS, LONGEST_STAY_DAYS = 30, 900


@dataclass(frozen=True)
class FullSize:
    """Where the two files lie."""

    train: Path
    test: Path


def write_full_size(folder: Path, *, seed: int = 0) -> FullSize:
    """Write both files; the same seed gives the same bytes."""
    rng = np.random.default_rng(seed)
    counts = pd.read_csv(CLASS_COUNTS)
    categories = [
        # `count` is not the number of annotations in the real file either.
        {"id": number, "name": name, "count": round(1.3 * images)}
        for number, name, images in counts.itertuples(index=False, name=None)
    ]
    locations = rng.choice(676, TRAIN_LOCATIONS + TEST_LOCATIONS, replace=False)
    regions = rng.integers(0, REGIONS, len(locations))
    labels = np.repeat(counts["category_id"].to_numpy(), counts["train_images"].to_numpy())
    train = _image_rows(labels, locations[:TRAIN_LOCATIONS], regions[:TRAIN_LOCATIONS], rng)
    drawn = rng.choice(labels, TEST_IMAGES)
    test = _image_rows(np.sort(drawn), locations[TRAIN_LOCATIONS:], regions[TRAIN_LOCATIONS:], rng)
    info = {"year": 2020, "version": "2020-02-17", "description": "iWildCam 2020, generated", "contributor": "WildCam"}
    annotations = [
        {"count": int(label != 0), "image_id": image, "id": f"a{number:07}", "category_id": int(label)}
        for number, (image, label) in enumerate(zip(train["id"], train["label"], strict=True))
    ]
    shared = {"categories": categories, "info": info}
    _write(folder / TRAIN_NAME, {"annotations": annotations, "images": _images(train)} | shared)
    _write(folder / TEST_NAME, {"images": _images(test)} | shared)
    return FullSize(folder / TRAIN_NAME, folder / TEST_NAME)


def _image_rows(
    labels: np.ndarray, locations: np.ndarray, regions: np.ndarray, rng: np.random.Generator
) -> dict[str, Any]:
    """Images in bursts of one label (`labels` is sorted) at cameras of the regions where it lives."""
    starts, lengths, frames = _bursts(labels, rng)
    of_burst = np.repeat(np.arange(len(starts)), lengths)
    location = _locations(labels[starts], regions, rng)
    began = _times(labels[starts], location, rng)
    size = SIZES[rng.integers(0, len(SIZES), len(locations))][location[of_burst]]
    taken = began[of_burst] + frames * rng.integers(1, 4, len(starts))[of_burst].astype("timedelta64[s]")
    order = rng.permutation(len(labels))  # the real file has no order either
    ids = _ids(len(labels), rng)
    return {
        "id": ids,
        "label": labels[order],
        "location": locations[location[of_burst]][order],
        "width": size[order, 0],
        "height": size[order, 1],
        "taken": taken[order],
        "burst": _ids(len(starts), rng)[of_burst[order]],
        "frames": lengths[of_burst][order],
        "frame": frames[order] + 1,
    }


def _bursts(labels: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First row and length of every burst, and the frame number of every row in its burst."""
    begins = np.ones(len(labels), dtype=bool)
    begins[1:] = (labels[1:] != labels[:-1]) | (rng.random(len(labels) - 1) < 0.25)
    row = np.arange(len(labels))
    frames = row - np.maximum.accumulate(np.where(begins, row, 0))
    begins |= frames % LONGEST_BURST == 0
    starts = np.flatnonzero(begins)
    lengths = np.diff(np.append(starts, len(labels)))
    return starts, lengths, row - np.repeat(starts, lengths)


def _locations(labels: np.ndarray, regions: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The camera of every burst: a species keeps to one to three regions, and some cameras see far more than others."""
    busy = rng.pareto(1.0, len(regions)) + 0.05
    location = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        home = np.arange(REGIONS) if label == 0 else rng.choice(REGIONS, rng.integers(1, 4), replace=False)
        near = np.flatnonzero(np.isin(regions, home))
        weights = busy[near] * rng.random(len(near))
        rows = np.flatnonzero(labels == label)
        location[rows] = rng.choice(near, len(rows), p=weights / weights.sum())
    location[np.flatnonzero(labels == 0)[: len(regions)]] = np.arange(len(regions))  # no camera saw nothing at all
    return location


def _times(labels: np.ndarray, location: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """When every burst began: while its camera hung there, around the hour at which its species is about."""
    first, last = (np.datetime64(f"{year}-01-01", "D") for year in YEARS)
    locations = location.max() + 1
    hung = rng.integers(0, int((last - first).astype(int)) - LONGEST_STAY_DAYS, locations)
    stay = rng.integers(SHORTEST_STAY_DAYS, LONGEST_STAY_DAYS, locations)
    days = first + hung[location] + (rng.random(len(labels)) * stay[location]).astype(np.int64)
    peak = rng.uniform(0, 24, labels.max() + 1)[labels]
    seconds = (rng.normal(peak, 4.0) % 24) * 3600
    return days.astype("datetime64[s]") + seconds.astype(np.int64)


def _ids(count: int, rng: np.random.Generator) -> np.ndarray:
    parts = rng.integers(0, 2**32, count, dtype=np.uint32)
    return np.array([f"{part:08x}-21bc-11ea-a13a-{number:012x}" for number, part in enumerate(parts)], dtype=object)


def _images(table: dict[str, Any]) -> list[dict[str, Any]]:
    written = np.char.add(np.char.replace(np.datetime_as_string(table["taken"]), "T", " "), ".000")
    columns = (table[name].tolist() for name in ("id", "location", "width", "height", "burst", "frames", "frame"))
    return [
        {
            "seq_num_frames": frames,
            "location": location,
            "datetime": time,
            "frame_num": frame,
            "seq_id": burst,
            "width": width,
            "height": height,
            "file_name": f"{id}.jpg",
            "id": id,
        }
        for id, location, width, height, burst, frames, frame, time in zip(*columns, written.tolist(), strict=True)
    ]


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
