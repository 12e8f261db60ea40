"""The life of a run.

queued → running → finished | stopped | failed
`stopping`: a stop was requested and the worker has not answered yet
`lost`: claims to be queued or running, but no worker lives

The standard library only: the supervisor of each worker imports this.
"""

from wildcam.choice import Choice


class State(Choice):
    """What a run is doing. `stopping` and `lost` are derived, never stored."""

    QUEUED = "queued", "queued"
    RUNNING = "running", "running"
    STOPPING = "stopping", "stopping"
    FINISHED = "finished", "finished"
    STOPPED = "stopped", "stopped"
    FAILED = "failed", "failed"
    LOST = "lost", "lost"

    @property
    def is_live(self) -> bool:
        """A worker process stands behind it."""
        return self in (State.QUEUED, State.RUNNING, State.STOPPING)

    @property
    def can_resume(self) -> bool:
        """It ended early, so that it may go on from its last checkpoint."""
        return self in (State.STOPPED, State.FAILED, State.LOST)


class Lane(Choice):
    """A queue of its own: a batch of a few photos does not wait for a night of training."""

    TRAINING = "training", "Trainings"
    LIGHT = "light", "Batches, file checks and similar photos"


class Kind(Choice):
    """What a job does."""

    TRAIN = "train", "training"
    PREDICT = "predict", "batch"
    CHECK = "check", "file check"
    LR_FINDER = "lr_finder", "learning-rate finder"
    SIMILARITY = "similarity", "similar photos"

    @property
    def lane(self) -> Lane:
        """Which other runs it waits for."""
        return Lane.TRAINING if self in (Kind.TRAIN, Kind.LR_FINDER) else Lane.LIGHT


def effective_state(stored: State, *, alive: bool, stop_requested: bool) -> State:
    """What a reader sees, from what the worker wrote last, its lock, and the requests."""
    if stored not in (State.QUEUED, State.RUNNING):
        return stored
    if not alive:
        return State.LOST
    return State.STOPPING if stop_requested else stored
