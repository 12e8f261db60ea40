"""Fixtures of the data layer: JSON and CSV sources, and the smallest demo."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wildcam.demo import MIN_IMAGES, generate_demo


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
def demo_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest demo: the folder with its images and metadata files. Not to be written to."""
    return generate_demo(tmp_path_factory.mktemp("demo") / "source", images=MIN_IMAGES).images_dir
