"""Data sets of a few files, and quality tables that nobody measured."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from wildcam.data.catalog import Dataset, build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.quality.table import HASH_COLUMNS, QUALITY_COLUMNS


@pytest.fixture
def make_dataset(tmp_path: Path) -> Callable[..., Dataset]:
    """A data set of files with these contents (None: no such file); columns of its index can be given."""

    def make(files: dict[str, bytes | None], **columns: object) -> Dataset:
        root = tmp_path / "photos"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            if content is not None:
                (root / name).parent.mkdir(exist_ok=True)
                (root / name).write_bytes(content)
        index = build_index({"image_id": list(files), "path": list(files)} | columns)
        return save_dataset(
            tmp_path / "datasets",
            index,
            name="cards",
            source="x",
            root=root,
            format="csv",
            labels=LabelPolicy(),
            replace=True,
        )

    return make


@pytest.fixture
def encode() -> Callable[..., bytes]:
    """Pixels, (H, W, 3) or (H, W), 0–255, as the bytes of a file."""

    def encode(pixels: np.ndarray, format: str = "JPEG", **options: object) -> bytes:
        content = io.BytesIO()
        Image.fromarray(pixels.astype(np.uint8)).save(content, format, **options)
        return content.getvalue()

    return encode


@pytest.fixture
def scene() -> Callable[..., np.ndarray]:
    """Coloured squares with sharp edges, other ones for every seed. uint8, (H, W, 3)."""

    def scene(seed: int = 0, *, width: int = 320, height: int = 240, square: int = 16) -> np.ndarray:
        shape = (height // square, width // square, 3)
        colours = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
        return np.kron(colours, np.ones((square, square, 1), dtype=np.uint8))

    return scene


@pytest.fixture
def quality_of() -> Callable[..., pd.DataFrame]:
    """A quality table of an index: all files sound, all different, unless columns say otherwise."""

    def quality(index: pd.DataFrame, **columns: object) -> pd.DataFrame:
        count = len(index)
        hashes = np.random.default_rng(0).integers(0, 2**64, (count, 4), dtype=np.uint64)
        values = {
            "path": index["path"],
            "status": "ok",
            "reason": None,
            "bytes": 1000,
            "modified_ns": 1,
            "digest": [f"{number:032x}" for number in range(count)],
            **dict(zip(HASH_COLUMNS, hashes.T, strict=True)),
            "brightness": 0.5,
            "sharpness": 0.5,
            "saturation": 0.2,
            "width": 1024,
            "height": 768,
        }
        return pd.DataFrame(values | columns, index=index.index).astype(QUALITY_COLUMNS)

    return quality
