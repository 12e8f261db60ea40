"""Which photos are being deleted for good: written down before, so that it ends whatever interrupts it."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from wildcam.counting import counted
from wildcam.errors import RunError

PLAN_FILE = "people_deletion.json"


class DeletionPlan(BaseModel):
    """What was asked for. It names files, so it is gone once all is done."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    files: tuple[str, ...]  # absolute
    real_files: tuple[str, ...]  # without links, in the same order
    digests: tuple[str, ...]  # SHA-256 of those that are there
    deletes_sources: bool
    asked_by: str
    asked_at: datetime

    @property
    def sentence(self) -> str:
        """How many, and nothing by which a photo could be known: for the audit log."""
        sources = "source files too" if self.deletes_sources else "source files kept"
        return f"{self.dataset}: {counted(len(self.files), 'photo')}, {sources}"


def unfinished_deletion(home: Path) -> DeletionPlan | None:
    """The deletion that is at work, or was interrupted."""
    path = home / PLAN_FILE
    return DeletionPlan.model_validate_json(path.read_bytes()) if path.exists() else None


def refuse_while_deleting(home: Path) -> None:
    """Raise `RunError` until a deletion is complete: who reads a photo's row now would write it again later."""
    if plan := unfinished_deletion(home):
        raise RunError(
            f"Photos are being deleted for good, or that was interrupted ({plan.sentence}): wait for its end, or let "
            "an admin finish it (Explore, Quality, People; or data delete-people --finish). Then start this again."
        )
