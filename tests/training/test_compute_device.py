"""What a worker would compute on."""

from pathlib import Path

import pytest

from wildcam.training import compute_device
from wildcam.training.compute_device import describe_device, free_memory_bytes


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put an nvidia-smi in the way that says and does this."""

    def write(script: str) -> None:
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    return write


def test_every_gpu_is_named_with_its_memory(driver) -> None:
    driver("echo 'NVIDIA T4, 15360 MiB'; echo 'NVIDIA L4, 23034 MiB'")
    assert describe_device() == "NVIDIA T4, 15360 MiB; NVIDIA L4, 23034 MiB"


@pytest.mark.parametrize("script", ["exit 9", "true"])
def test_a_driver_that_knows_no_gpu_leaves_the_processor(driver, script: str) -> None:
    driver(script)
    assert "cores" in describe_device()
    assert "no GPU was found" in describe_device()


def test_a_containers_limit_counts_where_it_is_lower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_device, "CONTAINER_DIR", tmp_path)
    machine = free_memory_bytes()
    assert machine > 10**6
    (tmp_path / "memory.max").write_text("5000000\n")
    (tmp_path / "memory.current").write_text("4000000\n")
    assert free_memory_bytes() == 10**6
    (tmp_path / "memory.max").write_text("max\n")
    assert free_memory_bytes() > 10**6
