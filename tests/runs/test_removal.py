"""As a user for whom read-only means it: root may do everything."""

import os
import tempfile
from pathlib import Path

import pytest

from wildcam.runs.removal import remove_folder
from wildcam.settings import PROJECT_DIR

NOBODY = 65534


@pytest.fixture
def folder():
    """A run's folder, all of it read-only, and parts of it not even to be looked into."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o777)
        folder = Path(place) / "run"
        for name in ("checkpoints/epoch-0001/weights.npz", "sealed/deep/worker.log", "worker.log"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(b"0")
        (folder / "elsewhere").symlink_to(PROJECT_DIR)
        for path in [*folder.rglob("*"), folder]:
            if os.getuid() == 0:
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        for path in sorted(folder.rglob("*"), reverse=True):
            if not path.is_symlink():
                path.chmod(0o000 if path.name == "sealed" else 0o500 if path.is_dir() else 0o400)
        folder.chmod(0o500)
        yield folder


def test_a_read_only_folder_is_removed_and_what_a_link_points_to_is_not(folder):
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        remove_folder(folder)
    finally:
        if is_root:
            os.seteuid(0)
    assert not folder.exists()
    assert (PROJECT_DIR / "wildcam").exists()


def test_a_folder_that_is_gone_already_is_removed(tmp_path):
    remove_folder(tmp_path / "never")
