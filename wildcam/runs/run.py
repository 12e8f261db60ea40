"""A run as a reader sees it."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from wildcam import atomic
from wildcam.runs.facts import RunFacts
from wildcam.runs.states import Kind, State


class Progress(BaseModel):
    """The worker's heartbeat: what it does, how far it is. Written every second."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phase: str = ""
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    seconds_left: float | None = None  # of the whole run
    share: float | None = None  # of the whole run, 0–1; None where the phase is all that there is

    @property
    def fraction(self) -> float:
        """How far the run is as a whole, 0–1."""
        if self.share is not None:
            return min(1.0, max(0.0, self.share))
        return min(1.0, self.step / self.steps) if self.steps else 0.0


@dataclass(frozen=True)
class Run:
    """A run at the time when it was read."""

    id: str
    name: str
    kind: Kind
    state: State
    reason: str  # one sentence on how it ended, if it did not end well
    params: dict[str, str]
    facts: RunFacts  # what its worker found out
    metrics: dict[str, float]  # the last value of each
    submitted_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    place: float  # in the queue: the smallest is the next
    folder: Path
    note: str = ""  # what a user wrote about it
    user_tags: dict[str, str] = field(default_factory=dict)
    sweep: str = ""  # the same for all runs of one sweep; "" of a run alone
    made_by: str = ""  # the user who started it; "" if it is not known
    obstacle: str = ""  # why it cannot be resumed although it ended early; one sentence

    @property
    def can_resume(self) -> bool:
        """It ended early, and what it needs to go on is there."""
        return self.state.can_resume and not self.obstacle

    @property
    def log_path(self) -> Path:
        """Everything that the worker printed."""
        return self.folder / "worker.log"

    @property
    def lock_path(self) -> Path:
        """Held by the worker while it lives."""
        return self.folder / "worker.lock"

    @property
    def bundle_dir(self) -> Path:
        """Where a training run leaves its exported model."""
        return self.folder / "bundle"

    @property
    def progress(self) -> Progress:
        """Where the worker is; empty before its first heartbeat, and where that cannot be read: the next is a second
        away.
        """
        try:
            return Progress.model_validate_json(self._progress_path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return Progress()

    def write_progress(self, progress: Progress) -> None:
        """Replace `progress` (the worker does)."""
        atomic.write_json(self._progress_path, progress)

    def log_tail(self, lines: int = 200) -> str:
        """The end of the log."""
        if not self.log_path.exists():
            return ""
        with self.log_path.open("rb") as file:
            file.seek(max(0, self.log_path.stat().st_size - 400 * lines))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])

    @property
    def _progress_path(self) -> Path:
        return self.folder / "progress.json"
