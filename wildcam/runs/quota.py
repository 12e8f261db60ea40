"""What one person may use of a shared server: disk, and places in the queues. Admins may exceed both.

`WILDCAM_QUOTA_DISK` and `WILDCAM_QUOTA_RUNS` set them; without a login the owner of the server acts, who is an admin.
"""

from wildcam.accounts.acting import Actor, actor
from wildcam.accounts.roles import Role
from wildcam.counting import counted
from wildcam.data.catalog import list_datasets
from wildcam.data.uploads import UPLOADS, folder_bytes
from wildcam.errors import QuotaExceeded
from wildcam.runs.reading import RunReader
from wildcam.runs.states import State

NAMED = 3  # things to delete that a sentence names


def check_queued(reader: RunReader, new: int = 1) -> None:
    """Ask before runs are queued. Raises `QuotaExceeded`."""
    now, most = _limited(), reader.settings.quota_runs
    if now is None or most is None:
        return
    queued = [run.name for run in reader.live() if run.made_by == now.name and run.state is State.QUEUED]
    if len(queued) + new > most:
        wait = f" Wait until one begins, or cancel one: {', '.join(queued[:NAMED])}." if queued else ""
        raise QuotaExceeded(
            f"Received {counted(new, 'run')} to queue beside {len(queued)} of yours that wait: one person may have "
            f"{most} waiting (WILDCAM_QUOTA_RUNS).{wait}"
        )


def check_disk(reader: RunReader, new_bytes: int = 0) -> None:
    """Ask before so much more is stored. Raises `QuotaExceeded`."""
    now, most = _limited(), reader.settings.quota_disk
    if now is None or most is None:
        return
    used = used_disk(reader, now.name)
    if sum(used.values()) + new_bytes > most * 1e9:
        largest = sorted(used, key=used.__getitem__, reverse=True)[:NAMED]
        named = ", ".join(f"{what} ({used[what] / 1e9:.2g} GB)" for what in largest)
        raise QuotaExceeded(
            f"Received {new_bytes / 1e9:.2g} GB to store beside your {sum(used.values()) / 1e9:.2g} GB: one person may "
            f"use {most:g} GB (WILDCAM_QUOTA_DISK). "
            + (f"Delete what you need no more, such as {named}." if named else "Take less, or ask an admin.")
        )


def used_disk(reader: RunReader, name: str) -> dict[str, int]:
    """Bytes of each data set, with what was uploaded for it, and of each run that somebody made."""
    settings = reader.settings
    datasets = [info.name for info in list_datasets(settings.datasets_dir) if info.added_by == name]
    used = {
        f"data set {own}": folder_bytes(settings.datasets_dir / own) + folder_bytes(settings.home / UPLOADS / own)
        for own in datasets
    }
    runs = [run for run in reader.all() if run.made_by == name]
    return used | {f"run {run.name} ({run.id[:8]})": folder_bytes(run.folder) for run in runs}


def _limited() -> Actor | None:
    """Who acts, if quotas are for that one."""
    now = actor()
    return None if now is None or now.role is Role.ADMIN else now
