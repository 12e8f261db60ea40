"""The generated data set keeps the promises that the rest of WildCam is tried out on."""

import csv
import hashlib
import json
from collections import Counter, defaultdict
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wildcam.data.labels import LabelPolicy
from wildcam.demo import MIN_IMAGES, DemoSource, generate_demo
from wildcam.demo.plan import Planner
from wildcam.errors import DataError, ImageError, UsageError
from wildcam.images import load_rgb

IMAGES, SEED = 150, 3
IMAGE_KEYS = {
    "id",
    "file_name",
    "width",
    "height",
    "location",
    "datetime",
    "seq_id",
    "seq_num_frames",
    "frame_num",
}
TEST_ONLY = {"myrmecophaga tridactyla", "dasypus novemcinctus"}


class Demo:
    """A generated data set with its metadata read back."""

    def __init__(self, folder: Path) -> None:
        self.calls: list[tuple[int, int]] = []
        self.source: DemoSource = generate_demo(
            folder, images=IMAGES, seed=SEED, progress=lambda *done_of: self.calls.append(done_of)
        )
        self.train: dict[str, Any] = json.loads(self.source.train_json.read_bytes())
        self.test: dict[str, Any] = json.loads(self.source.test_json.read_bytes())
        self.detector: dict[str, Any] = json.loads(self.source.megadetector_json.read_bytes())
        names = {category["id"]: category["name"] for category in self.train["categories"]}
        self.train_labels = {a["image_id"]: names[a["category_id"]] for a in self.train["annotations"]}
        with self.source.ground_truth_csv.open(newline="") as file:
            self.test_labels = {row["image_id"]: row["label"] for row in csv.DictReader(file)}

    @property
    def images(self) -> list[dict[str, Any]]:
        return self.train["images"] + self.test["images"]

    def path(self, image: dict[str, Any]) -> Path:
        subset = "train" if image["id"] in self.train_labels else "test"
        return self.source.images_dir / subset / image["file_name"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return Demo(tmp_path_factory.mktemp("demo") / "new")


def bursts(demo: Demo) -> list[list[dict[str, Any]]]:
    sequences = defaultdict(list)
    for image in demo.images:
        sequences[image["seq_id"]].append(image)
    return [sorted(burst, key=lambda image: image["datetime"]) for burst in sequences.values()]


def taken_at(image: dict[str, Any]) -> datetime:
    return datetime.strptime(image["datetime"], "%Y-%m-%d %H:%M:%S.%f")


def test_every_image_is_listed_once_and_on_disk(demo: Demo) -> None:
    assert len({image["id"] for image in demo.images}) == len(demo.images) == IMAGES
    on_disk = {path for subset in ("train", "test") for path in (demo.source.images_dir / subset).iterdir()}
    assert {demo.path(image) for image in demo.images} == on_disk
    assert set(demo.test_labels) == {image["id"] for image in demo.test["images"]}


def test_a_third_of_the_train_images_is_empty(demo: Demo) -> None:
    assert Counter(demo.train_labels.values())["empty"] == round(0.34 * len(demo.train["images"]))
    counts = {annotation["image_id"]: annotation["count"] for annotation in demo.train["annotations"]}
    assert all((counts[image_id] == 0) == (label == "empty") for image_id, label in demo.train_labels.items())


def test_the_keys_are_those_of_iwildcam_2020(demo: Demo) -> None:
    assert set(demo.train) == {"annotations", "images", "categories", "info"}
    assert set(demo.test) == {"images", "categories", "info"}
    assert all(set(image) == IMAGE_KEYS for image in demo.images)
    assert all(set(a) == {"id", "image_id", "category_id", "count"} for a in demo.train["annotations"])
    assert all(set(category) == {"id", "name", "count"} for category in demo.train["categories"])
    assert len({a["id"] for a in demo.train["annotations"]}) == len(demo.train["images"])


def test_the_counts_of_categories_mislead_as_they_do_in_the_real_file(demo: Demo) -> None:
    annotated = Counter(annotation["category_id"] for annotation in demo.train["annotations"])
    categories = {category["id"]: category for category in demo.train["categories"]}
    assert categories[0]["name"] == "empty"
    assert len(categories) == len(demo.train["categories"]) == len({c["name"] for c in categories.values()})
    assert all(category["count"] != annotated[number] for number, category in categories.items())
    assert set(categories) - set(annotated), "some categories never occur"


def test_the_tail_is_long_and_the_policy_has_something_to_do(demo: Demo) -> None:
    sizes = Counter(demo.train_labels.values())
    animals = {label: size for label, size in sizes.items() if label not in ("empty", "human")}
    assert len(animals) == 12
    assert min(animals.values()) <= 5 < 10 * min(animals.values()) <= max(animals.values())
    assert LabelPolicy.suggest(sizes).other == ("human",)


def test_two_species_occur_only_at_test_locations(demo: Demo) -> None:
    assert set(demo.test_labels.values()) - set(demo.train_labels.values()) == TEST_ONLY


def test_no_location_is_on_both_subsets(demo: Demo) -> None:
    train, test = ({image["location"] for image in subset["images"]} for subset in (demo.train, demo.test))
    assert not train & test
    assert len(train) >= 20
    assert len(train | test) >= 24


def test_locations_run_for_several_days_over_several_months(demo: Demo) -> None:
    days = defaultdict(set)
    for image in demo.train["images"]:
        days[image["location"]].add(image["datetime"][:10])
    assert sum(len(at_camera) >= 2 for at_camera in days.values()) > len(days) * 2 / 3
    assert len({day[:7] for at_camera in days.values() for day in at_camera}) >= 5


def test_the_frames_of_a_burst_are_seconds_apart_at_one_location(demo: Demo) -> None:
    known = [burst for burst in bursts(demo) if burst[0]["seq_num_frames"] == 3]
    assert 3 * len(known) > IMAGES / 2
    for burst in known:
        assert [image["frame_num"] for image in burst] == [1, 2, 3]
        assert len({image["location"] for image in burst}) == 1
        assert all(0 < (taken_at(b) - taken_at(a)).seconds < 10 for a, b in pairwise(burst))
    assert {image["seq_num_frames"] for image in demo.images} == {-1, 1, 3}
    assert all((image["seq_num_frames"] == -1) == (image["frame_num"] == -1) for image in demo.images)


def test_two_train_files_cannot_be_read(demo: Demo) -> None:
    broken = []
    for image in demo.images:
        try:
            assert load_rgb(demo.path(image)).size == (image["width"], image["height"])
        except ImageError:
            broken.append(image)
    assert all(image["id"] in demo.train_labels for image in broken)
    sizes = sorted(demo.path(image).stat().st_size for image in broken)
    assert len(sizes) == 2
    assert sizes[0] == 0 < sizes[1]


def test_nights_are_grey_and_days_are_coloured(demo: Demo) -> None:
    for image in demo.test["images"]:
        pixels = np.asarray(load_rgb(demo.path(image)), dtype=int)
        saturation = np.ptp(pixels, axis=2).mean()  # (H, W)
        by_day = 6 <= taken_at(image).hour < 18
        assert saturation > 3 if by_day else saturation == 0


def test_the_detector_is_good_but_not_perfect(demo: Demo) -> None:
    labels = demo.train_labels | demo.test_labels
    found = {entry["id"]: entry for entry in demo.detector["images"]}
    assert set(found) < set(labels), "some photos are not listed"
    for entry in found.values():
        assert set(entry) == {"id", "max_detection_conf", "detections"}
        assert entry["max_detection_conf"] == max((d["conf"] for d in entry["detections"]), default=0.0)
        for detection in entry["detections"]:
            assert detection["category"] == ("2" if labels[entry["id"]] == "human" else "1")
            x, y, width, height = detection["bbox"]
            assert 0 <= x <= x + width <= 1.001
            assert 0 <= y <= y + height <= 1.001
    seen = {True: Counter[bool](), False: Counter[bool]()}
    for image_id, entry in found.items():
        seen[labels[image_id] == "empty"][entry["max_detection_conf"] > 0.4] += 1
    assert seen[False][True] > 0.9 * seen[False].total()
    assert 0 < seen[True][True] + seen[False][False] < 0.2 * len(found)


def test_progress_counts_every_image(demo: Demo) -> None:
    assert demo.calls == [(done, IMAGES) for done in range(1, IMAGES + 1)]


def test_the_same_seed_gives_the_same_bytes(demo: Demo, tmp_path: Path) -> None:
    def digests(folder: Path) -> dict[str, str]:
        files = (path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    again = generate_demo(tmp_path / "again", images=IMAGES, seed=SEED)
    assert digests(again.images_dir) == digests(demo.source.images_dir)


def test_another_seed_gives_other_images(demo: Demo) -> None:
    other = Planner(np.random.default_rng(SEED + 1)).plan(IMAGES)
    assert {shot.image_id for shot in other}.isdisjoint(demo.train_labels)


def test_an_existing_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(DataError, match="exists"):
        generate_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate_demo(tmp_path / "new", images=MIN_IMAGES, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_too_few_images_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="too few"):
        generate_demo(tmp_path / "new", images=MIN_IMAGES - 1)
