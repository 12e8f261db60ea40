"""Delete data sets: what hangs on one, and not while a run uses it."""

from dataclasses import dataclass

from wildcam.counting import counted
from wildcam.data import catalog, uploads
from wildcam.data.reviews import Reviews
from wildcam.errors import UsageError
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore

MOST_NAMED = 3


@dataclass(frozen=True)
class DatasetUse:
    """What is lost, and what stays without its photos, when a data set is deleted."""

    runs: tuple[Run, ...]  # that name it, newest first
    corrections: int  # corrected labels of its photos
    uploaded: int  # files that were uploaded for it
    clock_corrections: int

    @property
    def live(self) -> tuple[Run, ...]:
        """The runs that use it now."""
        return tuple(run for run in self.runs if run.state.is_live)

    def describe_loss(self) -> list[str]:
        """Sentences that name it."""
        lost = ["Its table, the roles and merged names of its labels, and the result of its check are deleted."]
        if self.clock_corrections:
            lost.append(f"{counted(self.clock_corrections, 'correction')} of clocks: deleted.")
        if self.uploaded:
            lost.append(f"{counted(self.uploaded, 'uploaded file')}: deleted, with the photos among them.")
        else:
            lost.append("Its photos stay where they are.")
        if self.runs:
            lost.append(f"{counted(len(self.runs), 'run')} of it: kept, and not to be resumed without it.")
        if self.corrections:
            lost.append(f"{counted(self.corrections, 'corrected label')} of its photos: kept.")
        return lost


def use_of(store: RunStore, name: str) -> DatasetUse:
    """What hangs on a data set; of a damaged one its photos and clocks are not known. Raises `UsageError`."""
    is_damaged = name in catalog.damaged_datasets(store.settings.datasets_dir)
    info = None if is_damaged else catalog.open_dataset(store.settings.datasets_dir, name).info
    return DatasetUse(
        runs=tuple(store.of_dataset(name)),
        corrections=len(Reviews(store.settings.home).below(info.root).labels()) if info else 0,
        uploaded=uploads.count_uploaded(store.settings.home, name),
        clock_corrections=len(info.clock) if info else 0,
    )


def delete_dataset(store: RunStore, name: str) -> None:
    """Delete a data set's catalog and what was uploaded for it; other photos stay where they are.

    Raises `UsageError` for an unknown name, and while a run uses it.
    """
    if live := use_of(store, name).live:
        named = ", ".join(run.name for run in live[:MOST_NAMED]) + (", …" if len(live) > MOST_NAMED else "")
        raise UsageError(
            f"The data set {name!r} is used by {counted(len(live), 'run')} now ({named}): stop what runs, or wait for "
            "its end, then delete the data set."
        )
    catalog.delete_dataset(store.settings.datasets_dir, name)
    uploads.delete_uploads(store.settings.home, name)
