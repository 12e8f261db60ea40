"""Bring a home back from a backup, whole or not at all."""

import shutil
from pathlib import Path

from wildcam import atomic
from wildcam.changed import changed
from wildcam.counting import counted
from wildcam.data.catalog import DatasetInfo
from wildcam.errors import DataError, UsageError
from wildcam.settings import Settings
from wildcam.upkeep.backup import Progress
from wildcam.upkeep.manifest import FILES_FOLDER, hash_of, read_manifest


def restore(settings: Settings, folder: Path, progress: Progress = lambda what, done, total: None) -> int:
    """Put the files of a backup into the home, which must be empty; how many they are.

    One that ended early goes on where it was. Paths of uploads follow the home. Raises `UsageError`, `DataError`.
    """
    home, manifest = settings.home, read_manifest(folder)
    if manifest is None:
        raise UsageError(f"{folder} is not a backup: expected a folder that `wildcam backup` made.")
    if not manifest.is_complete:
        raise UsageError(f"The backup in {folder} ended early: make it again, or take another one.")
    if home.exists() and any(home.iterdir()):
        raise UsageError(f"{home} is not empty: move it away, or name a new folder with WILDCAM_HOME.")
    new = home.with_name(f"{home.name}.restoring")
    damaged = []
    for number, entry in enumerate(manifest.entries.values()):
        progress("restoring", number, len(manifest.entries))
        source, target = folder / FILES_FOLDER / entry.path, new / entry.path
        if not source.is_file() or hash_of(source) != entry.sha256:
            damaged.append(entry.path)
        elif not (target.is_file() and hash_of(target) == entry.sha256):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    if damaged:
        raise DataError(
            f"{counted(len(damaged), 'file')} of the backup {'is' if len(damaged) == 1 else 'are'} missing or damaged, "
            f"such as {damaged[0]}: take another backup. Nothing was restored; {new} may be deleted."
        )
    _follow_home(new, Path(manifest.home), home)
    if home.exists():
        home.rmdir()
    new.replace(home)
    return len(manifest.entries)


def _follow_home(new: Path, old_home: Path, home: Path) -> None:
    """Data sets whose photos lie in the home itself are found in the new one."""
    for path in new.glob("datasets/[!.]*/dataset.json"):
        info = DatasetInfo.model_validate_json(path.read_bytes())
        if info.root.is_relative_to(old_home):
            atomic.write_json(path, changed(info, root=home / info.root.relative_to(old_home)))
    for path in new.glob("accounts.db"):
        path.chmod(0o600)
    for path in new.glob("audit.jsonl"):
        path.chmod(0o600)
