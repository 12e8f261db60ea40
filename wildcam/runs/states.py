"""The life of a run, in few words.

queued → running → finished | stopped | failed
`stopping`: a stop was asked for and the worker has not answered yet
`lost`: claims to be queued or running, but no worker lives
"""

from enum import StrEnum


class State(StrEnum):
    """What a run is doing. `stopping` and `lost` are read off, never stored."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    MISSED_ANIMAL = "lost"

    @property
    def is_live(self) -> bool:
        """A worker process stands behind it."""
        return self in (State.QUEUED, State.RUNNING, State.STOPPING)

    @property
    def can_resume(self) -> bool:
        """It ended early, so that it may go on from its last checkpoint."""
        return self in (State.STOPPED, State.FAILED, State.MISSED_ANIMAL)


class Kind(StrEnum):
    """What a job does."""

    TRAIN = "train"
    PREDICT = "predict"
    CHECK = "check"
    LR_FINDER = "lr_finder"


def effective_state(stored: State, *, alive: bool, stop_requested: bool) -> State:
    """What a reader sees, from what the worker wrote last, its lock, and the requests."""
    if stored not in (State.QUEUED, State.RUNNING):
        return stored
    if not alive:
        return State.MISSED_ANIMAL
    return State.STOPPING if stop_requested else stored
