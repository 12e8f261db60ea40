"""Sources of the importers' tests, and short ways to what came out of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wildcam.data.importers import Imported


@pytest.fixture
def remarks() -> Callable[[Imported], dict[str, int]]:
    """What an import mended or left out, with how often."""
    return lambda imported: {remark.what: remark.count for remark in imported.remarks}


@pytest.fixture
def write_coco(write_json: Callable[..., Path]) -> Callable[..., Path]:
    """Write a COCO Camera Traps file: three images of two cameras unless others are given."""

    def write(name: str = "coco.json", **parts: Any) -> Path:
        content = {
            "info": {"description": "reserve"},
            "images": [
                {
                    "id": "a",
                    "file_name": "one/a.jpg",
                    "width": 40,
                    "height": 30,
                    "location": 7,
                    "frame_num": 1,
                    "seq_id": "s",
                    "seq_num_frames": 2,
                    "datetime": "2013-08-08 11:45:00.000",
                },
                {
                    "id": "b",
                    "file_name": "one/b.jpg",
                    "width": 40,
                    "height": 30,
                    "location": 7,
                    "frame_num": 2,
                    "seq_id": "s",
                    "seq_num_frames": 2,
                    "datetime": "2013-08-08 11:45:01.000",
                },
                {
                    "id": "c",
                    "file_name": "two/c.jpg",
                    "width": 40,
                    "height": 30,
                    "location": 9,
                    "frame_num": -1,
                    "seq_id": "t",
                    "seq_num_frames": -1,
                    "datetime": "2013-08-09 23:00:00.000",
                },
            ],
            "annotations": [
                {"id": "3", "image_id": "c", "category_id": 0, "count": 0},
                {"id": "1", "image_id": "a", "category_id": 73, "count": 1},
                {"id": "2", "image_id": "b", "category_id": 73, "count": 1},
            ],
            "categories": [
                {"id": 0, "name": "empty", "count": 900},
                {"id": 73, "name": "fox", "count": 800},
                {"id": 75, "name": "human", "count": 70},
            ],
        }
        return write_json({name: part for name, part in (content | parts).items() if part is not None}, name)

    return write
