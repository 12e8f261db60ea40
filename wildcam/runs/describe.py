"""What a run is doing, in words for people."""

from wildcam.runs.run import Progress, Run
from wildcam.runs.states import Kind, State

_STOPPING = {
    Kind.TRAIN: "Stops at its next batch; the last finished epoch is kept.",
    Kind.CHECK: "Stops at its next file; what is measured is kept.",
    Kind.PREDICT: "Stops after its next photo; what is predicted is kept.",
}


def describe_duration(seconds: float) -> str:
    """Hours, minutes or seconds, as one would say it."""
    if seconds >= 5400:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def describe_progress(progress: Progress) -> str:
    """Phase, how far it is, and time left."""
    parts = [progress.phase or "starting"]
    if progress.epoch:
        parts.append(f"epoch {progress.epoch} of {progress.epochs}")
    elif progress.steps:
        parts.append(f"{progress.step:,} of {progress.steps:,}")
    if progress.seconds_left is not None:
        parts.append(f"about {describe_duration(progress.seconds_left)} left")
    return ", ".join(parts)


def describe_state(run: Run, place: int | None = None) -> str:
    """One sentence on where a run stands, and what can be done. `place`: in the queue, from 1, where that is known."""
    best = f" Best epoch: {run.tags['best_epoch']}." if run.tags.get("best_epoch", "0") != "0" else ""
    match run.state:
        case State.QUEUED:
            return f"Waits for its turn: {f'place {place} in the queue' if place else 'another run is computing'}."
        case State.RUNNING:
            return f"Running: {describe_progress(run.progress)}."
        case State.STOPPING:
            return _STOPPING.get(run.kind, "Stops soon.")
        case State.FINISHED:
            return f"Finished.{best}"
        case State.STOPPED:
            return f"Stopped{': ' + run.reason if run.reason else '.'}{best} It can be resumed."
        case _:
            return f"{run.state.capitalize()}: {run.reason}{best} It can be resumed."
