"""Fixtures of the data layer: small tables, JSON and CSV sources, and the real images where they lie nearby."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from wildcam.data.catalog import build_index
from wildcam.demo import MIN_IMAGES, generate_demo

PROJECT_DIR = Path(__file__).parents[2]


@pytest.fixture
def locations() -> Callable[..., pd.DataFrame]:
    """A catalog's table: every camera takes bursts of three, one a day; every third burst is empty."""

    def make(locations: int = 12, days: int = 10, **columns: Any) -> pd.DataFrame:
        camera, day, frame = (part.ravel() for part in np.indices((locations, days, 3)))
        names = [f"c{c:02}/{d:02}-{f}.jpg" for c, d, f in zip(camera, day, frame, strict=True)]
        times = pd.Timestamp("2014-03-01 12:00") + pd.to_timedelta(day, "D") + pd.to_timedelta(2 * frame, "s")
        given = {
            "image_id": names,
            "path": names,
            "location": [f"camera {c}" for c in camera],
            "taken_at": times,
            "sequence_id": [f"{c}-{d}" for c, d in zip(camera, day, strict=True)],
            "label": np.where((camera + day) % 3, "fox", "empty"),
        }
        return build_index(given | columns)

    return make


@pytest.fixture
def write_json(tmp_path: Path) -> Callable[..., Path]:
    """Write a JSON file into the test's folder."""

    def write(content: Any, name: str = "source.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(content))
        return path

    return write


@pytest.fixture
def write_text(tmp_path: Path) -> Callable[..., Path]:
    """Write a text file into the test's folder, lines joined."""

    def write(*lines: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join((*lines, "")).encode(encoding))
        return path

    return write


@pytest.fixture(scope="session")
def real_images() -> Path:
    """The folder of the shared real images; skips where it is absent."""
    folder = Path(os.environ.get("WILDCAM_PHOTOS") or PROJECT_DIR.parent / "shared" / "photos")
    if not (folder / "labels.csv").exists():
        pytest.skip(f"the real photos are not in {folder}: set WILDCAM_PHOTOS to their folder")
    return folder


@pytest.fixture(scope="session")
def real_metadata(real_images: Path) -> Path:
    """The folder of real metadata beside the images; skips where it is absent."""
    folder = real_images.parent / "metadata"
    if not folder.exists():
        pytest.skip(f"the real metadata is not in {folder}")
    return folder


@pytest.fixture(scope="session")
def demo_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest demo: the folder with its images and metadata files. Not to be written to."""
    return generate_demo(tmp_path_factory.mktemp("demo") / "source", images=MIN_IMAGES).images_dir
